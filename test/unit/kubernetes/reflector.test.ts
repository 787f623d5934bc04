import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';

import { OnePerTurn } from '../../../src/lib/one-per-turn.ts';
import { Reflector } from '../../../src/kubernetes/reflector.ts';
import { defaultTimings, type Timings } from '../../../src/kubernetes/timings.ts';
import { kinds } from '../../../src/kinds/index.ts';
import { countLists } from '../../support/count-lists.ts';
import { startFakeCluster } from '../../support/fake-cluster.ts';

const services = '/api/v1/namespaces/ns/services';
const fast: Partial<Timings> = { backOff: { firstMs: 20, mostMs: 100, healthyMs: 0 } };
const patience = { timeout: 8_000, interval: 20 };

async function start(timings: Partial<Timings> = {}) {
  const { server, client } = await startFakeCluster();
  const seen = new Set<string>();
  const observed: string[] = [];
  const state = { fails: 0, deliveries: 0 };
  const reflector = new Reflector({
    kind: kinds.Service,
    namespace: '',
    source: 'prod',
    client,
    timings: { ...defaultTimings, ...fast, ...timings },
    turns: new OnePerTurn(),
    log: pino({ level: 'silent' }),
    changed: (changes) => {
      state.deliveries += 1;
      if (state.fails-- > 0) throw new Error('a defect');
      for (const change of changes) {
        if (change.kind === 'set') seen.add(change.object.meta.ref.name);
        else seen.delete(change.ref.name);
      }
    },
    conditionChanged: () => undefined,
    observer: {
      relisted: (source, kind) => void observed.push(`relisted ${source} ${kind}`),
      watchRestarted: (source, kind) => void observed.push(`restarted ${source} ${kind}`),
    },
  });
  onTestFinished(() => reflector.stop());
  const create = (name: string): Promise<unknown> =>
    client.create(services, { metadata: { name }, spec: { ports: [{ port: 80 }] } });
  const remove = (name: string): Promise<unknown> => client.delete(`${services}/${name}`);
  const until = (...names: readonly string[]): Promise<void> =>
    vi.waitFor(() => expect([...seen].toSorted()).toEqual(names), patience);
  const untilWatching = (): Promise<void> =>
    vi.waitFor(() => expect(reflector.condition.state).toBe('watching'), patience);
  return { server, reflector, observed, state, create, remove, until, untilWatching };
}

it('lists what is there, and follows what changes', async () => {
  const { server, reflector, create, remove, until, untilWatching } = await start();
  await create('a');
  reflector.start();
  await until('a');
  await untilWatching();
  expect(reflector.condition.synced).toBe(true);
  await create('b');
  await remove('a');
  await until('b');
  expect(await countLists(server)).toBe(1);
});

it.each(['close', 'abort'])('goes on after a watch that ended, from where it was: %s', async (mode) => {
  const { server, reflector, observed, create, until, untilWatching } = await start();
  reflector.start();
  await untilWatching();
  expect(observed).toEqual([]);
  await server.rig('drop-watches', { mode });
  await create('a');
  await until('a');
  expect(await countLists(server)).toBe(1);
  await vi.waitFor(() => expect(observed).toEqual(['restarted prod Service']), patience);
});

it('lists again when its version is forgotten, and finds out what has vanished', async () => {
  const { server, reflector, observed, create, remove, until, untilWatching } = await start();
  await create('a');
  await create('b');
  reflector.start();
  await until('a', 'b');
  await untilWatching();
  await server.rig('fail', { verb: 'watch', status: 500, count: 100 });
  await server.rig('drop-watches', { mode: 'abort' });
  await remove('a');
  await create('c');
  await server.rig('compact');
  await server.rig('reset');
  await until('b', 'c');
  expect(await countLists(server)).toBeGreaterThan(1);
  await vi.waitFor(() => expect(observed).toContain('relisted prod Service'), patience);
});

it('finds a dead connection by its silence', async () => {
  const { server, reflector, create, until, untilWatching } = await start({ idleMs: [300, 400] });
  reflector.start();
  await untilWatching();
  await server.rig('pause-watches', { mode: 'lose', seconds: 60 });
  await create('a');
  await until('a');
  expect(await countLists(server)).toBe(1);
});

it.each([
  ['fails', { status: 500 }],
  ['has too much to do', { status: 429, 'retry-after': 1 }],
  ['cuts the connection', { abort: true }],
])('lists in the end though the server %s', async (_what, fault) => {
  const { server, reflector, create, until } = await start();
  await create('a');
  await server.rig('fail', { verb: 'list', count: 2, ...fault });
  reflector.start();
  await until('a');
});

it('is denied without a right, and says which', async () => {
  const { server, reflector, create, until } = await start({ deniedMs: [100, 100] });
  await create('a');
  await server.rig('fail', { verb: 'list', status: 403, count: 1 });
  reflector.start();
  await vi.waitFor(() => expect(reflector.condition.state).toBe('denied'), patience);
  expect(reflector.condition.detail).toContain('lacks the verb list on services');
  await until('a');
});

it('delivers again what a listener failed over', async () => {
  const { reflector, state, create, until } = await start();
  await create('a');
  state.fails = 1;
  reflector.start();
  await until('a');
  expect(state.deliveries).toBe(2);
});
