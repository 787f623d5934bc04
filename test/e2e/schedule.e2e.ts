import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compareText } from '../../src/model/object-ref.ts';
import { findApiServer } from './support/apiserver.ts';
import { tcpGreeter } from './support/backends.ts';
import { readAnswer } from './support/body-watch.ts';
import { Cleanup } from './support/cleanup.ts';
import { tcpConnect, type TcpConnection } from './support/client.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { watchLedger, type LedgerWatch } from './support/ledger-watch.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead } from './support/fairlead.ts';
import { gatewayDefinitions } from './support/gateway-definitions.ts';
import { listDisturbances, twoLeaders, type Disturbance } from './support/disturbances.ts';
import { createRandom } from './support/random.ts';
import { startReplicas, type Replicas } from './support/replicas.ts';
import { askers, toSharedGateway } from './support/tenant-objects.ts';
import {
  findFaults,
  readReport,
  toHolding,
  toHoldings,
  withoutMark,
  type PortReport,
} from './support/tenant-ports.ts';
import { findMisrouted } from './support/tenant-routes.ts';
import { backendAddresses, backendPorts, namespace, Tenants, type Tenant } from './support/tenants.ts';

/*
 * Two replicas, one Traefik, and a random schedule of what tenants do and what goes wrong. More of it:
 * FAIRLEAD_SCHEDULE_STEPS=5000 FAIRLEAD_SCHEDULE_SEED=7 node test/e2e/run.mjs test/e2e/schedule.e2e.ts
 */
const steps = Number(process.env['FAIRLEAD_SCHEDULE_STEPS'] ?? '18');
const seed = Number(process.env['FAIRLEAD_SCHEDULE_SEED'] ?? '1');
const stepsOfRound = 6;
const cooldownMs = 1_000;
const prefix = 'tcp.fairlead.dev/';
// A leader that was killed is succeeded when its Lease of 15 s has ended.
const quietMs = 45_000;
const program = findApiServer('a random schedule of faults');
const names = Array.from({ length: 9 }, (_, index) => `tenant-${index}`);
const untouched: readonly Tenant[] = backendAddresses.slice(0, askers.length).map((address, index) => ({
  name: `canary-${index}`,
  by: askers[index] ?? 'Service',
  ports: [3306],
  exposed: true,
  address,
}));

const writtenSchema = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
      spec: z.looseObject({
        parentRefs: z.tuple([z.object({ kind: z.string().default('Gateway'), name: z.string() })]).optional(),
      }),
    }),
  ),
});
const ledgerSchema = z.object({
  entries: z.array(
    z.looseObject({ port: z.number(), protocols: z.array(z.string()), state: z.string(), name: z.string() }),
  ),
});

describe.skipIf(program === undefined)('a random schedule of faults', () => {
  const cleanup = new Cleanup();
  const random = createRandom(seed);
  const log: string[] = [];
  const quietTimes: number[] = [];
  const canaries: TcpConnection[] = [];
  let cluster: Cluster;
  let replicas: Replicas;
  let ledgerWatch: LedgerWatch;
  let tenants: Tenants;
  let former: ReadonlyMap<string, number> = new Map();
  let wasDisturbed = false;

  beforeAll(async () => {
    cluster = cleanup.keep(await startCluster(program ?? ''));
    for (const address of backendAddresses)
      for (const port of backendPorts) cleanup.keep(await tcpGreeter(address, port));
    ledgerWatch = cleanup.keep(watchLedger(cluster, cooldownMs));
    tenants = new Tenants(() => cluster.server, random, namespace, askers);
    await cluster.server.apply(...gatewayDefinitions);
    await eventually('the kinds are served', 20_000, async () =>
      cluster.server.apply(...toSharedGateway(namespace)).then(
        () => true,
        () => false,
      ),
    );
    replicas = cleanup.keep(
      await startReplicas({
        cluster,
        count: 2,
        config: {
          fleets: [
            {
              name: 'default',
              addresses: ['edge.example.com'],
              ports: {
                tcp: { range: '20000-20011' },
                udp: { range: '20000-20011' },
                requestable: null,
                cooldown: `${cooldownMs}ms`,
              },
            },
          ],
        },
      }),
    );
    for (const tenant of untouched) await tenants.put(tenant);
    former = await checkQuiet();
    for (const tenant of untouched) {
      const port = former.get(toHolding(tenant, 3306)) ?? 0;
      const connection = cleanup.keep(await tcpConnect('127.0.0.1', port));
      await connection.readLine();
      canaries.push(connection);
    }
  }, 120_000);
  afterAll(() => cleanup.run());

  it(
    `never gives a port to two, and all replicas come to the same bytes (seed ${seed}, ${steps} steps)`,
    async () => {
      try {
        for (let done = 0; done < steps; done += stepsOfRound) {
          for (let step = done; step < Math.min(done + stepsOfRound, steps); step++) {
            if (random.below(2) === 0) note(step, await tenants.act(names));
            else {
              const [name, act] = pickDisturbance();
              note(step, name);
              await act();
            }
            await sleep(random.below(200));
          }
          await cluster.server.rig('reset');
          former = await checkQuiet(tenants.takeTouched());
        }
      } catch (error) {
        const logs = [0, 1].map((index) => replicas.get(index).logs().slice(-3_000));
        const story = [`seed ${seed}`, ...log.slice(-40), ...logs].join('\n');
        throw new Error(`${String(error)}\n${story}`, { cause: error });
      }
      console.log(
        `seed ${seed}, ${steps} steps, ${ledgerWatch.versions} versions of the ledger; at most ${Math.max(...quietTimes)} ms until all was right again`,
      );
    },
    60_000 + steps * 20_000,
  );

  async function actMeanwhile(): Promise<void> {
    log.push(`  meanwhile ${await tenants.act(names)}`);
  }

  /** The first one is two leaders at once, so that every run has them. */
  function pickDisturbance(): Disturbance {
    const list = listDisturbances({ cluster, replicas, random, act: actMeanwhile });
    const first = wasDisturbed ? undefined : list.find(([name]) => name === twoLeaders);
    wasDisturbed = true;
    return first ?? random.pick(list);
  }

  function note(step: number, what: string): void {
    log.push(`${step}: ${what}`);
  }

  /** Waits until all is as the tenants say, and stays so; returns who holds what. */
  async function checkQuiet(touched: ReadonlySet<string> = new Set()): Promise<ReadonlyMap<string, number>> {
    let last = '';
    const attempt = async (): Promise<boolean> => {
      try {
        await checkOnce();
        return true;
      } catch (error) {
        last = error instanceof Error ? error.message : String(error);
        return false;
      }
    };
    const started = performance.now();
    await eventually('it is quiet and right', quietMs, attempt).catch((error: unknown) => {
      throw new Error(last, { cause: error });
    });
    const quiet = Math.round(performance.now() - started);
    quietTimes.push(quiet);
    log.push(`quiet after ${quiet} ms`);
    const holdings = toHoldings(await readReport(replicas.get(0).adminUrl));
    for (const [key, port] of former) {
      const [name = ''] = /(?:canary|tenant)-\d+/.exec(key) ?? [];
      const now = holdings.get(key);
      // Who waits for a certain port moves to it once it is free.
      if (touched.has(name) || now === tenants.all.get(name)?.requested) continue;
      expect({ key, port: now }).toEqual({ key, port });
    }
    expect(ledgerWatch.faults).toEqual([]);
    for (const connection of canaries) expect(await connection.ask('still there')).toBe('still there');
    return holdings;
  }

  async function checkOnce(): Promise<void> {
    const answers = await Promise.all([0, 1].map((index) => readAnswer(replicas.get(index).providerUrl)));
    expect(answers[0]?.slice(0, 4)).toBe('200 ');
    expect(answers[1]).toBe(answers[0]);
    const reports = await Promise.all([0, 1].map((index) => readReport(replicas.get(index).adminUrl)));
    for (const report of reports) expect(findFaults([...tenants.all.values()], report)).toEqual([]);
    const [report] = reports;
    if (report === undefined) throw new Error('there is no report');
    expect(await findMisrouted([...tenants.all.values()], report)).toEqual([]);
    await checkCluster(report);
    const { status, stdout, stderr } = await runFairlead([
      'render',
      ...replicas.get(0).configArgs,
      '--format',
      'json',
    ]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const body = withoutMark(answers[0]?.slice(answers[0].indexOf('{')) ?? '');
    if (!isDeepStrictEqual(JSON.parse(stdout), JSON.parse(body)))
      throw new Error(
        `a fresh start gives\n${JSON.stringify(JSON.parse(stdout))}\nand what is served is\n${body}`,
      );
  }

  /** The ledger and the annotations of the cluster say the same as the replicas. */
  async function checkCluster(report: PortReport): Promise<void> {
    const holdings = toHoldings(report);
    const kinds = 'services,gateways,listenersets,tcproutes';
    const { items } = writtenSchema.parse(
      JSON.parse(await cluster.kubectl('-n', namespace, 'get', kinds, '-o', 'json')),
    );
    const written = items.flatMap(({ kind, metadata, spec }) =>
      Object.entries(metadata.annotations)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => {
          const port = key.slice(prefix.length);
          // On an attached route stands what its listener holds.
          const [holder] = (port !== 'port' && spec.parentRefs) || [{ kind, name: metadata.name }];
          return `${holder.kind}/${namespace}/${holder.name}:${port} at ${value}`;
        }),
    );
    const held = [...holdings].map(([key, port]) => `${key} at ${port}`);
    expect([...new Set(written)].toSorted(compareText)).toEqual(held.toSorted(compareText));
    const raw = await cluster.kubectl(
      ...(['-n', 'fairlead-system', 'get', 'cm', 'fairlead-ports', '-o', 'json'] as const),
    );
    const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(JSON.parse(raw));
    const { entries } = ledgerSchema.parse(JSON.parse(Object.values(data)[0] ?? ''));
    const ports = entries.filter(({ state }) => state === 'held').map(({ port }) => port);
    expect(ports.toSorted((a, b) => a - b)).toEqual([...holdings.values()].toSorted((a, b) => a - b));
  }
});
