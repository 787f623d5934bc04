/*
 * `npm run conformance -- [--plugin] [--controller traefik] [--keep DIR] [-- SUITE-FLAG…]`: the official conformance suite of the Gateway API
 * against Fairlead and a real Traefik, in a private network; prints the table of its profiles, and what failed or was skipped and why.
 * All five profiles run, two to four minutes, unless flags of the suite say otherwise. `--keep DIR` keeps the logs.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildConformance, findObstacle, runConformance } from '../test/e2e/support/conformance/rig.ts';
import { readExpected, toFlags } from '../test/e2e/support/conformance/expected.ts';
import { toTable } from '../test/e2e/support/conformance/report.ts';
import { makeTempFolder } from '../test/e2e/support/cleanup.ts';
import { buildFairlead } from '../test/e2e/support/fairlead.ts';
import { isPrivateNetwork } from '../test/e2e/support/local-address.ts';
import { probePrivateNetwork, runInPrivateNetwork } from '../test/e2e/support/private-network.ts';

const { values, positionals } = parseArgs({
  options: {
    controller: { type: 'string', default: 'fairlead' },
    plugin: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
  allowPositionals: true,
});

async function run(): Promise<number> {
  const controller = {
    name: values.controller === 'traefik' ? 'traefik' : 'fairlead',
    gatewayClass: 'conformance',
    plugins: values.plugin ? ['gateway'] : [],
  } as const;
  const temporary = makeTempFolder();
  const folder = values.keep ?? temporary.path;
  mkdirSync(folder, { recursive: true });
  try {
    const { tests, broken } = await runConformance(controller, folder, [
      ...toFlags(readExpected()),
      ...positionals,
    ]);
    console.log(broken ?? toTable(tests));
    return broken === undefined && tests.every(({ outcome }) => outcome !== 'failed') ? 0 : 1;
  } finally {
    temporary.remove();
  }
}

/** Outside: builds what is needed, and runs this very script inside. */
async function enter(): Promise<number> {
  const obstacle = buildConformance() ?? findObstacle();
  const network = probePrivateNetwork();
  if (obstacle !== undefined || network.kind === 'unavailable') {
    const missing = network.kind === 'unavailable' ? network.missing.map(({ what }) => what) : [];
    console.error([obstacle, ...missing].filter((line) => line !== undefined).join('\n'));
    return 2;
  }
  await buildFairlead();
  const script = fileURLToPath(import.meta.url);
  return runInPrivateNetwork(network.flags, [
    process.execPath,
    '--import',
    'tsx',
    script,
    ...process.argv.slice(2),
  ]);
}

process.exitCode = await (isPrivateNetwork() ? run() : enter());
