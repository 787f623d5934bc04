import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findApiServer } from './support/apiserver.ts';
import { Cleanup } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import { startReplicas, type Replicas } from './support/replicas.ts';

const program = findApiServer('a ledger that is damaged by hand');
const problemsSchema = z.array(z.object({ code: z.string(), object: z.string() }));
const ledgerSchema = z.object({ data: z.record(z.string(), z.string()) });

describe.skipIf(program === undefined)('a ledger that is damaged by hand', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;
  let replicas: Replicas;
  let whole = '';

  beforeAll(async () => {
    cluster = cleanup.keep(await startCluster(program ?? ''));
    replicas = cleanup.keep(
      await startReplicas({ cluster, count: 2, config: { fleets: [{ name: 'default' }] } }),
    );
    await expose('before');
    await untilPort('before');
    whole = await readLedger();
    const damaged = whole.replace('"port":20000,', '"port":20009,');
    expect(damaged).not.toBe(whole);
    await writeLedger(damaged);
  }, 60_000);
  afterAll(() => cleanup.run());

  async function expose(name: string): Promise<void> {
    await cluster.kubectl('create', 'service', 'clusterip', name, '--tcp=3306:3306');
    await cluster.kubectl('annotate', 'service', name, 'fairlead.dev/expose=true');
  }

  function readPort(name: string): Promise<string> {
    const path = String.raw`jsonpath={.metadata.annotations.tcp\.fairlead\.dev/3306}`;
    return cluster.kubectl('get', 'service', name, '-o', path);
  }

  function untilPort(name: string): Promise<true> {
    return eventually(`${name} has a port`, 20_000, async () => (await readPort(name)) !== '');
  }

  async function readLedger(): Promise<string> {
    const text = await cluster.kubectl('-n', 'fairlead-system', 'get', 'cm', 'fairlead-ports', '-o', 'json');
    return Object.values(ledgerSchema.parse(JSON.parse(text)).data)[0] ?? '';
  }

  async function writeLedger(text: string): Promise<void> {
    const patch = JSON.stringify({ data: { 'ports.json': text } });
    const place = ['-n', 'fairlead-system', 'patch', 'cm', 'fairlead-ports', '--type=merge', '-p', patch];
    await cluster.kubectl(...place);
  }

  async function listProblems(index: number): Promise<readonly string[]> {
    const response = await fetch(`${replicas.get(index).adminUrl}/api/problems`);
    return problemsSchema.parse(await response.json()).map(({ code, object }) => `${code} ${object}`);
  }

  it('is reported by the leader and by the others, and asked for no more than now and then', async () => {
    await expose('after');
    for (const index of [0, 1]) {
      const problem = 'ledger-unavailable Ledger/ConfigMap fairlead-system/fairlead-ports';
      await eventually(`replica ${index} reports it`, 10_000, async () =>
        (await listProblems(index)).includes(problem),
      );
    }
    const before = await countRequests();
    await sleep(3_000);
    expect((await countRequests()) - before).toBeLessThan(40);
    expect(await readPort('after')).toBe('');
  });

  it('says to those that wait for a port why it is not there', async () => {
    await eventually('the Service that waits is reported', 30_000, async () =>
      (await listProblems(0)).includes('port-pending Service/default/after'),
    );
  }, 40_000);

  it('is used again once it is mended', async () => {
    await writeLedger(whole);
    await untilPort('after');
    expect(await readPort('before')).toBe('20000');
    for (const index of [0, 1]) {
      await eventually(`replica ${index} has nothing to report`, 10_000, async () => {
        const problems = await listProblems(index);
        return !problems.some((problem) => /^(ledger-unavailable|port-pending)/.test(problem));
      });
    }
  }, 60_000);

  async function countRequests(): Promise<number> {
    const stats = await cluster.server.rig('stats', {}, 'GET');
    const { totals } = z.object({ totals: z.record(z.string(), z.number()) }).parse(stats);
    return Object.values(totals).reduce((sum, count) => sum + count, 0);
  }
});
