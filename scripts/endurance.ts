/*
 * `npm run endurance`: a compressed year in a private network. A million changes through a control plane in process, and beside it an API
 * server, three replicas, a Traefik and a Fairlead that lives through all of it, with everything that goes wrong; prints what happened how
 * often, and whether memory, handles, ledger and answers stayed as a fresh start has them.
 *
 * As much of it as ten minutes have room for; FAIRLEAD_ENDURANCE_MINUTES says otherwise. FAIRLEAD_ENDURANCE_SEED has another schedule: the same one each time.
 */
import { fileURLToPath } from 'node:url';
import { buildApiServer, findApiServerProgram } from '../test/e2e/support/apiserver.ts';
import { toEnduranceReport } from '../test/e2e/support/endurance/report.ts';
import { runEndurance } from '../test/e2e/support/endurance/run-endurance.ts';
import { buildFairlead } from '../test/e2e/support/fairlead.ts';
import { isPrivateNetwork } from '../test/e2e/support/local-address.ts';
import { probePrivateNetwork, runInPrivateNetwork } from '../test/e2e/support/private-network.ts';

const minutes = Number(process.env['FAIRLEAD_ENDURANCE_MINUTES'] ?? '10');
const seed = Number(process.env['FAIRLEAD_ENDURANCE_SEED'] ?? '1');
/** Of a year. */
const changes = 1_000_000;
const restarts = 1_000;
/** So many minutes are needed for a whole year; a shorter run has its share of what takes time. */
const wholeMinutes = 50;

const sayEveryMs = 60_000;

/** Says once in a minute how far it is. */
function createTeller(): (counts: Readonly<Record<string, number>>) => void {
  const began = performance.now();
  let saidAt = began;
  return (counts) => {
    const now = performance.now();
    if (now - saidAt < sayEveryMs) return;
    saidAt = now;
    const some = ['changes through the API server', 'API server restarted', 'leader killed'];
    const texts = some.map((kind) => `${kind}: ${counts[kind] ?? 0}`);
    console.error(`after ${Math.round((now - began) / 60_000)} of ${minutes} minutes: ${texts.join(', ')}`);
  };
}

async function run(): Promise<number> {
  const program = findApiServerProgram();
  if (program === undefined) throw new Error('no API server: CONTRIBUTING.md says how to get one');
  const result = await runEndurance({
    program,
    seed,
    seconds: minutes * 60,
    bulkChanges: changes,
    restarts: Math.round(restarts * Math.min(1, minutes / wholeMinutes)),
    onRound: createTeller(),
  });
  console.log(toEnduranceReport(result, seed));
  return result.verdicts.every(({ isGood }) => isGood) ? 0 : 1;
}

/** Outside: builds what is needed, and runs this very script inside. */
async function enter(): Promise<number> {
  const network = probePrivateNetwork();
  if (network.kind === 'unavailable' || !buildApiServer()) {
    const missing =
      network.kind === 'unavailable' ? network.missing.map(({ what }) => what) : ['no API server'];
    console.error(missing.join('\n'));
    return 2;
  }
  await buildFairlead();
  const script = fileURLToPath(import.meta.url);
  return runInPrivateNetwork(network.flags, [process.execPath, '--import', 'tsx', script]);
}

process.exitCode = await (isPrivateNetwork() ? run() : enter());
