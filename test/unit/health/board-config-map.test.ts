import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { BoardConfigMap } from '../../../src/health/board-config-map.ts';
import type { FailingEndpoints } from '../../../src/model/health.ts';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import { startFakeCluster } from '../../support/fake-cluster.ts';

const path = '/api/v1/namespaces/ns/configmaps/ports-health';
const key = toObjectKey({ source: 's', kind: 'Service', namespace: 'n', name: 'game' });
const one: FailingEndpoints = new Map([[key, ['10.0.0.1']]]);
const two: FailingEndpoints = new Map([[key, ['10.0.0.1', '10.0.0.2']]]);
const none: FailingEndpoints = new Map();

async function start() {
  const { client, server } = await startFakeCluster();
  return {
    client,
    server,
    open: async () => {
      const log = pino({ level: 'silent' });
      const board = new BoardConfigMap({ client, namespace: 'ns', name: 'ports-health', log });
      const seen: FailingEndpoints[] = [];
      await board.start((failing) => seen.push(failing));
      onTestFinished(() => board.stop());
      return { board, last: () => seen.at(-1) };
    },
  };
}

it('is there once something fails, and is heard of by all', async () => {
  const { open } = await start();
  const [leader, follower] = [await open(), await open()];
  expect(follower.last()).toEqual(none);
  await leader.board.write(one);
  expect(leader.last()).toEqual(one);
  await expect.poll(follower.last, { timeout: 10_000 }).toEqual(one);
  await leader.board.write(two);
  await expect.poll(follower.last, { timeout: 10_000 }).toEqual(two);
  expect((await open()).last()).toEqual(two);
});

it('is not written over by who does not know what it says', async () => {
  const { client, open } = await start();
  const { board } = await open();
  await board.write(one);
  const paused = new BoardConfigMap({
    client,
    namespace: 'ns',
    name: 'ports-health',
    log: pino({ level: 'silent' }),
  });
  await expect(paused.write(none)).rejects.toThrow();
  expect((await open()).last()).toEqual(one);
});

it('says that nothing fails when it is deleted, or is none', async () => {
  const { client, open } = await start();
  const { board, last } = await open();
  await board.write(one);
  await client.patch(path, { data: { 'failing.json': 'nonsense' } });
  await expect.poll(last, { timeout: 10_000 }).toEqual(none);
  await expect.poll(() => board.write(two).then(last, () => 'refused'), { timeout: 10_000 }).toEqual(two);
  await client.delete(path);
  await expect.poll(last, { timeout: 10_000 }).toEqual(none);
});

it('starts without an answer of the API server, and is read once there is one', async () => {
  const { server, open } = await start();
  const { board } = await open();
  await board.write(one);
  await server.rig('fail', { verb: 'get', resource: 'configmaps', status: 500, count: 1 });
  const { last } = await open();
  await expect.poll(last, { timeout: 10_000 }).toEqual(one);
});
