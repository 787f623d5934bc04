import { z } from 'zod';
import { adminToken } from '../../../support/api-server.ts';
import { readAnswer } from '../body-watch.ts';
import { Cleanup, makeTempFolder } from '../cleanup.ts';
import { eventually } from '../eventually.ts';
import { startFairlead, type Fairlead } from '../fairlead.ts';
import { introduce, listFairleads } from '../replicas.ts';
import { findFaults, readReport, type PortReport } from '../tenant-ports.ts';
import { findMisrouted } from '../tenant-routes.ts';
import { judgeSame, type Verdict } from './figures.ts';
import type { EnduranceWorld } from './world.ts';

/** A leader that was killed is succeeded when its Lease has ended, and who was refused for long tries again after a minute. */
const quietMs = 90_000;

const ledgerSchema = z.object({ data: z.record(z.string(), z.string()) });
const entriesSchema = z.object({ entries: z.array(z.looseObject({ freed: z.string().optional() })) });
const problemsSchema = z.array(
  z.looseObject({ code: z.string(), message: z.string(), subject: z.unknown().optional() }),
);

/** Waits until all is as the tenants say on all replicas and at the edge. Rejects with what is not. */
export async function untilRight({ cluster, replicas, tenants }: EnduranceWorld): Promise<void> {
  await cluster.server.rig('reset');
  let last = '';
  const demand = (what: string, faults: readonly string[]): void => {
    last = faults.length === 0 ? '' : `${what}: ${faults.join('; ')}`;
    if (last !== '') throw new Error(last);
  };
  const attempt = async (): Promise<boolean> => {
    const of = [...tenants[0].all.values()];
    const fairleads = listFairleads(replicas);
    const answers = await Promise.all(fairleads.map(({ providerUrl }) => readAnswer(providerUrl)));
    demand(
      'answers',
      answers.flatMap((each) => (each.startsWith('200 ') ? [] : [each.slice(0, 300)])),
    );
    demand('replicas', new Set(answers).size === 1 ? [] : ['they answer differently']);
    const reports = await Promise.all(fairleads.map(({ adminUrl }) => readReport(adminUrl)));
    for (const report of reports) demand('ports', findFaults(of, report));
    for (const report of reports.slice(0, 1)) demand('routes', await findMisrouted(of, report));
    return true;
  };
  await eventually('all is right', quietMs, attempt).catch((error: unknown) => {
    throw new Error(`not right after ${quietMs} ms: ${last === '' ? String(error) : last}`, { cause: error });
  });
}

/** All are compared with a Fairlead of the same configuration that starts now; the ledger with what it was before. */
export async function compareReplicas(world: EnduranceWorld): Promise<readonly Verdict[]> {
  const cleanup = new Cleanup();
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  try {
    const { cluster, replicas } = world;
    const before = await readLedger(world);
    await introduce(cluster, 'fairlead-fresh', 'fresh-token', temp.path);
    const config = { ...world.config, ledger: { configMap: 'fairlead-system/fairlead-ports' } };
    const fresh = cleanup.keep(await startFairlead({ cwd: temp.path, config }));
    let verdicts: readonly Verdict[] = [];
    await eventually('the replicas are as after a fresh start', quietMs, async () => {
      verdicts = [
        ...(await compareWith(fresh, listFairleads(replicas))),
        judgeSame('replicas: ledger untouched by a fresh start', await readLedger(world), before),
      ];
      return verdicts.every(({ isGood }) => isGood);
    }).catch(() => undefined);
    return verdicts;
  } finally {
    await cleanup.run();
  }
}

async function compareWith(fresh: Fairlead, fairleads: readonly Fairlead[]): Promise<readonly Verdict[]> {
  const wanted = await readAnswer(fresh.providerUrl);
  const found = await Promise.all(fairleads.map(({ providerUrl }) => readAnswer(providerUrl)));
  const [texts, ...problems] = await Promise.all(
    [fresh, ...fairleads].map(({ adminUrl }) => readProblemTexts(adminUrl)),
  );
  return [
    ...found.map((answer, index) =>
      judgeSame(`replica ${index}: document as after a fresh start`, answer, wanted),
    ),
    ...problems.map((each, index) =>
      judgeSame(`replica ${index}: problems as after a fresh start`, each, texts),
    ),
  ];
}

/** The witness with one that starts now, on a copy of its ledger. */
export async function compareWitness({ witness }: EnduranceWorld): Promise<readonly Verdict[]> {
  const fresh = await witness.startFresh();
  try {
    let verdicts: readonly Verdict[] = [];
    // What was written last may be on its way.
    await eventually('the witness is as after a fresh start', 30_000, async () => {
      const ports = await Promise.all(
        [witness.fairlead, fresh.fairlead].map(({ adminUrl }) => readReport(adminUrl)),
      );
      const texts = await Promise.all(
        [witness.fairlead, fresh.fairlead].map(({ adminUrl }) => readProblemTexts(adminUrl)),
      );
      verdicts = [
        judgeSame('witness: document as after a fresh start', await witness.poller.ask(), await fresh.ask()),
        judgeSame('witness: ports as after a fresh start', toHeldRows(ports[0]), toHeldRows(ports[1])),
        judgeSame('witness: problems as after a fresh start', texts[0], texts[1]),
      ];
      return verdicts.every(({ isGood }) => isGood);
    }).catch(() => undefined);
    return verdicts;
  } finally {
    await fresh.stop();
  }
}

function toHeldRows(report: PortReport | undefined): readonly unknown[] {
  return (report?.ports ?? []).filter(({ state }) => state === 'held');
}

/** Of objects: what is said of a connection or of a leadership is of one process. */
async function readProblemTexts(adminUrl: string): Promise<readonly string[]> {
  const response = await fetch(`${adminUrl}/api/problems`, { headers: { connection: 'close' } });
  const problems = problemsSchema.parse(await response.json());
  return problems.map((problem) => JSON.stringify(problem)).sort();
}

/** Since when ports cool down is left out: where the clock has been put back, whoever leads next writes another time. */
async function readLedger({ cluster }: EnduranceWorld): Promise<readonly unknown[]> {
  const url = `${cluster.httpUrl}/api/v1/namespaces/fairlead-system/configmaps/fairlead-ports`;
  const headers = { authorization: `Bearer ${adminToken}`, connection: 'close' };
  const { data } = ledgerSchema.parse(await (await fetch(url, { headers })).json());
  const { entries } = entriesSchema.parse(JSON.parse(Object.values(data)[0] ?? ''));
  return entries.map((entry) => {
    const { freed: _, ...rest } = entry;
    return rest;
  });
}
