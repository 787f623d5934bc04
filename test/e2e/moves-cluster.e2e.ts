import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findApiServer } from './support/apiserver.ts';
import { httpEcho, type HttpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { eventually } from './support/eventually.ts';
import type { Fairlead } from './support/fairlead.ts';
import { toManifests } from './support/manifests.ts';
import { referenceGrants } from './support/reference-grants.ts';
import { startReplicas, type Replicas } from './support/replicas.ts';
import { shootMany, startLoad } from './support/shots.ts';

// Moves in a cluster: plans that are carried out by whoever leads, agreements, and a cluster that goes away.

const program = findApiServer('moves in a cluster');
const vm = '192.168.7.57:80';
const pod = '10.244.1.7:80';
const ports = [{ name: 'http', port: 80 }];
const leaseSchema = z.object({ spec: z.object({ holderIdentity: z.string().default('') }) });
const serviceSchema = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
});

async function readShare(host: string): Promise<number> {
  const counts = await shootMany(host, 100, 8);
  const [moved, stayed] = [counts.get(pod) ?? 0, counts.get(vm) ?? 0];
  expect(moved + stayed).toBe(100);
  return moved;
}

const untilShare = (host: string, percent: number, ms = 20_000): Promise<true> =>
  eventually(`${host} gives ${percent} %`, ms, async () => Math.abs((await readShare(host)) - percent) <= 1);

describe.skipIf(program === undefined)('moves in a cluster', () => {
  const cleanup = new Cleanup();
  let cluster: Cluster;
  let replicas: Replicas;
  let machines: HttpEcho;
  let pods: HttpEcho;

  beforeAll(async () => {
    machines = cleanup.keep(await httpEcho('192.168.7.57', 80));
    pods = cleanup.keep(await httpEcho('10.244.1.7', 80));
    cluster = cleanup.keep(await startCluster(program ?? ''));
    await cluster.server.apply(referenceGrants);
    await cluster.apply(
      toManifests(
        { namespace: 'shop', name: 'pods', ports, addresses: ['10.244.1.7'] },
        { namespace: 'cloud', name: 'pods', ports, addresses: ['10.244.1.7'] },
      ),
    );
    replicas = cleanup.keep(
      await startReplicas({
        cluster,
        count: 2,
        config: { fleets: [{ name: 'default', metrics: ['http://127.0.0.1:8082/metrics'] }] },
        metrics: '127.0.0.1:8082',
      }),
    );
    await replicas.untilReady();
  });
  afterAll(() => cleanup.run());

  async function apply(name: string, annotations: Readonly<Record<string, string>>): Promise<string> {
    const host = `${name}.test.com`;
    const all = Object.entries({ host, ...annotations }).map(([key, value]) => [
      `fairlead.dev/${key}`,
      value,
    ]);
    await cluster.apply(
      toManifests({
        namespace: 'shop',
        name,
        annotations: Object.fromEntries(all),
        ports,
        addresses: ['192.168.7.57'],
      }),
    );
    return host;
  }

  async function readState(name: string): Promise<string> {
    const text = await cluster.kubectl('get', 'service', name, '-n', 'shop', '-o', 'json');
    return serviceSchema.parse(JSON.parse(text)).metadata.annotations['fairlead.dev/migrate-state'] ?? '';
  }

  async function readCodes(): Promise<string> {
    const response = await fetch(`${replicas.get(await findLeader()).adminUrl}/api/problems`);
    return response.text();
  }

  async function findLeader(): Promise<number> {
    const text = await cluster.kubectl('get', 'lease', 'fairlead', '-n', 'fairlead-system', '-o', 'json');
    const { holderIdentity } = leaseSchema.parse(JSON.parse(text)).spec;
    return [0, 1].find((index) => isCalled(replicas.get(index), holderIdentity)) ?? 0;
  }

  it('goes through the steps of a plan, and a new leader goes on where the old one stood', async () => {
    const host = await apply('planned', { 'migrate-to': 'pods', 'migrate-plan': '10%@3s,50%@4s,100%' });
    await untilShare(host, 10);
    const load = startLoad(host);
    const states: { readonly text: string; readonly at: number }[] = [];
    const look = async (): Promise<void> => {
      const text = await readState('planned');
      if (text !== states.at(-1)?.text) states.push({ text, at: Date.now() });
    };
    await look();
    await replicas.restart(await findLeader());
    await eventually('the plan has ended', 60_000, async () => {
      await look();
      return states.at(-1)?.text.startsWith('100%') === true;
    });
    await untilShare(host, 100);
    const shots = await load.stop();
    const failed = shots.filter(({ answer }) => answer !== vm && answer !== pod);
    console.log(
      `a plan over a change of leaders: ${JSON.stringify(states.map(({ text, at }) => `${text} (+${at - (states[0]?.at ?? 0)} ms)`))}, ${failed.length} of ${shots.length} requests failed`,
    );
    expect(failed).toEqual([]);
    expect(states.map(({ text }) => text.replace(/since.*/, ''))).toEqual([
      '10% to pods, step 1 ',
      '50% to pods, step 2 ',
      '100% to pods, step 3 ',
    ]);
    const times = states.map(({ text }) => Date.parse(/since (\S+)/.exec(text)?.[1] ?? ''));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(4_000);
  });

  it('gives way to a weight by hand, goes on from there, and ends with the plan', async () => {
    const plan = { 'migrate-to': 'pods', 'migrate-plan': '10%@1h,100%' };
    const host = await apply('by-hand', plan);
    await untilShare(host, 10);
    await apply('by-hand', { ...plan, 'migrate-weight': '30' });
    await untilShare(host, 30);
    await eventually(
      'it is written down',
      10_000,
      async () => (await readState('by-hand')) === '30% to pods, set by hand',
    );
    await apply('by-hand', plan);
    await untilShare(host, 100);
    await apply('by-hand', { 'migrate-to': 'pods', 'migrate-weight': '5' });
    await untilShare(host, 5);
    await eventually('the state goes with the plan', 10_000, async () => (await readState('by-hand')) === '');
  });

  it('waits while the other side has no endpoint', async () => {
    const empty = { namespace: 'shop', name: 'late-pods', ports, addresses: [] };
    await cluster.apply(toManifests(empty));
    const host = await apply('held', { 'migrate-to': 'late-pods', 'migrate-plan': '20%@1s,40%' });
    await eventually('it is said', 15_000, async () => (await readCodes()).includes('move-plan-held'));
    expect(await readState('held')).toBe('');
    // It is said once it is decided, a moment before a Traefik has it.
    await untilShare(host, 0);
    await cluster.apply(toManifests({ ...empty, addresses: ['10.244.1.7'] }));
    await untilShare(host, 40);
    await eventually('all is well', 10_000, async () => !(await readCodes()).includes('move-plan-held'));
  });

  it('waits while too many requests to the other side fail, by what Traefik counts', async () => {
    await pods.behave({ kind: 'fail', status: 500 });
    const host = await apply('failing', { 'migrate-to': 'pods', 'migrate-plan': '50%@12s,100%' });
    await eventually('half fail', 20_000, async () => ((await shootMany(host, 20)).get('500') ?? 0) > 8);
    const load = startLoad(host);
    const message = 'more than 5% of the requests to Service pods fail';
    await eventually('it is held', 40_000, async () => (await readCodes()).includes(message));
    expect(await readState('failing')).toMatch(/^50% to pods, step 1 /);
    await pods.behave({ kind: 'answer' });
    await eventually('it goes on', 60_000, async () => (await readState('failing')).startsWith('100%'));
    await untilShare(host, 100);
    await load.stop();
    await eventually('all is well', 10_000, async () => !(await readCodes()).includes(message));
  });

  it('goes to another namespace for as long as a ReferenceGrant says so', async () => {
    const host = await apply('across', { 'migrate-to': 'cloud/pods', 'migrate-weight': '40' });
    await untilShare(host, 0);
    const grant = {
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'ReferenceGrant',
      metadata: { name: 'from-shop', namespace: 'cloud' },
      spec: {
        from: [{ group: '', kind: 'Service', namespace: 'shop' }],
        to: [{ group: '', kind: 'Service', name: 'pods' }],
      },
    };
    await cluster.server.apply(grant);
    await untilShare(host, 40);
    await cluster.server.delete(grant);
    await untilShare(host, 0);
  });

  it('stays as it is while the cluster is away', async () => {
    const host = await apply('away', { 'migrate-to': 'pods', 'migrate-weight': '50' });
    await untilShare(host, 50);
    const load = startLoad(host);
    await cluster.crash();
    await sleep(3_000);
    // Those of the load take turns with these.
    expect(Math.abs((await readShare(host)) - 50)).toBeLessThanOrEqual(5);
    await cluster.start();
    // The server knows those of before no more.
    for (const index of [0, 1]) await replicas.rotateToken(index);
    await eventually('it can be written', 30_000, () =>
      apply('away', { 'migrate-to': 'pods', 'migrate-weight': '80' }),
    );
    await untilShare(host, 80, 60_000);
    const shots = await load.stop();
    const failed = shots.filter(({ answer }) => answer !== vm && answer !== pod);
    console.log(`a cluster that goes away in mid-move: ${failed.length} of ${shots.length} requests failed`);
    expect(failed).toEqual([]);
    expect([machines.hits, pods.hits].every((hits) => hits > 0)).toBe(true);
  });
});

function isCalled({ logs }: Fairlead, identity: string): boolean {
  return identity !== '' && logs().includes(`"identity":"${identity}"`);
}
