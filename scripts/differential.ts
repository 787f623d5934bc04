/*
 * `npm run differential -- --from traefik|ingress-nginx DIR [--json FILE] [--only TEXT]`: pushes each file of manifests of a folder
 * through Traefik's own provider and through Fairlead, puts the same probes to both Traefiks, and says where they differ. Made for the
 * fixtures of Traefik's providers, pkg/provider/kubernetes/ingress/fixtures and .../ingress-nginx/fixtures in its repository.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startFakeApi } from '../test/support/fake-api/start-fake-api.ts';
import { Cleanup } from '../test/e2e/support/cleanup.ts';
import { dialects, type Dialect } from '../test/e2e/support/differential/arms.ts';
import { readFixtures } from '../test/e2e/support/differential/fixtures.ts';
import { listHostLines, listPorts } from '../test/e2e/support/differential/objects.ts';
import { FixtureRun } from '../test/e2e/support/differential/run-fixture.ts';
import { toReport, toSummary } from '../test/e2e/support/differential/report.ts';
import { everywhereEcho } from '../test/e2e/support/everywhere-echo.ts';
import { isPrivateNetwork } from '../test/e2e/support/local-address.ts';
import {
  findTraefik,
  probePrivateNetwork,
  runInPrivateNetwork,
} from '../test/e2e/support/private-network.ts';

const { values, positionals } = parseArgs({
  options: { from: { type: 'string' }, json: { type: 'string' }, only: { type: 'string', default: '' } },
  allowPositionals: true,
});

function toArguments(): { readonly dialect: Dialect; readonly folder: string } | undefined {
  const dialect = dialects.find((each) => each === values.from);
  const [folder, ...rest] = positionals;
  return dialect === undefined || folder === undefined || rest.length > 0 ? undefined : { dialect, folder };
}

async function run(dialect: Dialect, folder: string): Promise<number> {
  const only = (values.only ?? '').split(',');
  const fixtures = readFixtures(folder, dialect).filter(({ name }) =>
    only.some((each) => name.includes(each)),
  );
  const cleanup = new Cleanup();
  try {
    const everything = fixtures.flatMap(({ objects }) => objects);
    // Both Traefiks ask for names; nobody else can answer here.
    appendFileSync('/etc/hosts', `${listHostLines(everything).join('\n')}\n`);
    const echo = cleanup.keep(everywhereEcho());
    await echo.open(new Set([80, 443, ...listPorts(everything)]));
    // The fake takes objects that no real server would, and fixtures are such objects.
    const api = cleanup.keep(await startFakeApi());
    const runner = cleanup.keep(new FixtureRun(api, dialect));
    const results = [];
    for (const fixture of fixtures) {
      const result = await runner.run(fixture);
      console.log(toReport(result));
      results.push(result);
    }
    console.log(toSummary(results));
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 1)}\n`);
    return results.some(({ verdict }) => verdict === 'differs') ? 1 : 0;
  } finally {
    await cleanup.run();
  }
}

async function main(): Promise<number> {
  const args = toArguments();
  if (args === undefined) {
    console.error(
      'Usage: npm run differential -- --from traefik|ingress-nginx DIR [--json FILE] [--only TEXT,TEXT]',
    );
    return 2;
  }
  if (isPrivateNetwork()) return run(args.dialect, args.folder);
  const traefik = findTraefik();
  const network = probePrivateNetwork();
  const missing = [
    ...(typeof traefik === 'string' ? [] : [traefik]),
    ...(network.kind === 'unavailable' ? network.missing : []),
  ];
  for (const { what, remedy } of missing) console.error(`${what}. ${remedy}`);
  if (typeof traefik !== 'string' || network.kind === 'unavailable') return 2;
  const self = [process.execPath, '--import', import.meta.resolve('tsx'), fileURLToPath(import.meta.url)];
  return runInPrivateNetwork(network.flags, [...self, ...process.argv.slice(2)], { TRAEFIK_BIN: traefik });
}

process.exitCode = await main();
