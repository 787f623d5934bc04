import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import { kinds, watchedKinds } from '../../../src/kinds/index.ts';
import type { KindDefinition } from '../../../src/kinds/kind.ts';
import { createClusterSource } from '../../../src/source/cluster/cluster-source.ts';
import { countRequests, startFakeCluster } from '../../support/fake-cluster.ts';

const group = 'gateway.networking.k8s.io';
const options = { timeoutMs: 5_000, freshMs: 60_000 };
const again = { timeoutMs: 5_000, freshMs: 0 };
const patience = { timeout: 8_000, interval: 20 };
const custom = watchedKinds.filter((kind) => kind.group === group);

async function start() {
  const { server, client } = await startFakeCluster();
  const serve = (kind: KindDefinition, ...versions: readonly string[]) =>
    server.rig('serve', { plural: kind.plural, kind: kind.kind, versions: versions.join(',') });
  return { server, client, serve };
}

it('finds the first version of a kind that the server has', async () => {
  const { client, serve } = await start();
  const { discovery } = client;
  expect(await discovery.find(kinds.TCPRoute, again)).toBeUndefined();
  expect(discovery.collectionOf(kinds.TCPRoute, 'ns')).toBe(`/apis/${group}/v1/namespaces/ns/tcproutes`);
  await serve(kinds.TCPRoute, 'v1alpha2');
  await serve(kinds.HTTPRoute, 'v1', 'v1beta1');
  expect(await discovery.find(kinds.TCPRoute, again)).toBe(`${group}/v1alpha2`);
  expect(await discovery.find(kinds.HTTPRoute, again)).toBe(`${group}/v1`);
  expect(await discovery.find(kinds.UDPRoute, again)).toBeUndefined();
  expect(discovery.collectionOf(kinds.TCPRoute, 'ns')).toBe(
    `/apis/${group}/v1alpha2/namespaces/ns/tcproutes`,
  );
  await serve(kinds.TCPRoute, 'v1', 'v1alpha2');
  expect(await discovery.find(kinds.TCPRoute, again)).toBe(`${group}/v1`);
});

it('asks once for all kinds of a group, and again after a while', async () => {
  const { server, client, serve } = await start();
  const find = (of: typeof options): Promise<unknown> =>
    Promise.all(custom.map((kind) => client.discovery.find(kind, of)));
  await find(options);
  expect(await countRequests(server, 'get ')).toBe(1);
  await serve(kinds.HTTPRoute, 'v1');
  expect(await find(options)).toContain(undefined);
  expect(await countRequests(server, 'get ')).toBe(1);
  await find(again);
  // The group, and its one version.
  expect(await countRequests(server, 'get ')).toBe(3);
});

it('gives the same moment for the next look to all kinds of a group', async () => {
  const { client } = await start();
  await Promise.all(custom.map((kind) => client.discovery.find(kind, options)));
  const ends = custom.map((kind) => performance.now() + client.discovery.pauseMs(kind, [10_000, 20_000]));
  expect(Math.max(...ends) - Math.min(...ends)).toBeLessThan(1_000);
  expect(Math.min(...ends) - performance.now()).toBeGreaterThan(5_000);
});

it('takes no answer for one, and asks again', async () => {
  const { server, client, serve } = await start();
  await serve(kinds.HTTPRoute, 'v1');
  await server.rig('fail', { path: `/apis/${group}`, status: 503, count: 1 });
  await expect(client.discovery.find(kinds.HTTPRoute, options)).rejects.toMatchObject({ status: 503 });
  expect(await client.discovery.find(kinds.HTTPRoute, options)).toBe(`${group}/v1`);
});

it('leaves it to the list where it may not ask', async () => {
  const { server, client } = await start();
  await server.rig('fail', { path: `/apis/${group}`, status: 403, count: 1 });
  expect(await client.discovery.find(kinds.HTTPRoute, options)).toBe(`${group}/v1`);
});

it('follows a kind that comes in an old version, moves to a new one, and goes', async () => {
  const { server, client, serve } = await start();
  const there = new Map<string, number>();
  const source = createClusterSource(
    { name: 'prod', kubeconfig: server.kubeconfig, context: null, namespaces: [] },
    pino({ level: 'silent' }),
    { absentMs: [40, 60], backOff: { firstMs: 20, mostMs: 100, healthyMs: 0 } },
    custom,
  );
  onTestFinished(() => source.stop());
  const states: string[] = [];
  source.start({
    changed: (changes) => {
      for (const change of changes) {
        if (change.kind === 'delete') there.delete(change.ref.name);
        else if (change.object.kind === 'TCPRoute')
          there.set(change.object.meta.ref.name, change.object.rules.length);
      }
    },
    problems: () => undefined,
    state: ({ kind }) => states.push(kind),
  });
  const until = (what: object): Promise<void> =>
    vi.waitFor(() => expect(Object.fromEntries(there)).toEqual(what), patience);
  const stateOf = (name: string) => source.conditions().find(({ kind }) => kind === name)?.state;
  const create = (version: string, name: string): Promise<unknown> =>
    client.create(`/apis/${group}/${version}/namespaces/ns/tcproutes`, {
      metadata: { name },
      spec: { rules: [{}] },
    });
  const versionOf = (): string => source.client.discovery.versionOf(kinds.TCPRoute);

  await vi.waitFor(() => expect(states.at(-1)).toBe('synced'), patience);
  await serve(kinds.TCPRoute, 'v1alpha2');
  await create('v1alpha2', 'a');
  await until({ a: 1 });
  expect(versionOf()).toBe(`${group}/v1alpha2`);
  await serve(kinds.TCPRoute, 'v1');
  await create('v1', 'b');
  await until({ a: 1, b: 1 });
  expect(versionOf()).toBe(`${group}/v1`);
  expect(stateOf('UDPRoute')).toBe('absent');
  await serve(kinds.TCPRoute);
  await until({});
  expect(stateOf('TCPRoute')).toBe('absent');
  expect([...new Set(states)]).toEqual(['starting', 'synced']);
});
