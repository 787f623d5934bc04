import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { GuardBoardConfigMap } from '../../../../src/source/shrink/guard-board-config-map.ts';
import type { GuardNotes } from '../../../../src/source/shrink/guard-board.ts';
import { startFakeCluster } from '../../../support/fake-cluster.ts';

const path = '/api/v1/namespaces/ns/configmaps/ports-guard';

async function start() {
  const { client, server } = await startFakeCluster();
  const open = async () => {
    const log = pino({ level: 'silent' });
    const board = new GuardBoardConfigMap({ client, namespace: 'ns', name: 'ports-guard', log });
    const seen: GuardNotes[] = [];
    await board.start((notes) => seen.push(notes));
    onTestFinished(() => board.stop());
    const last = (): unknown =>
      Object.fromEntries(Object.entries(seen.at(-1) ?? {}).map(([kind, notes]) => [kind, [...notes]]));
    return { board, last };
  };
  return { client, server, open };
}

it('is made with the first note, heard of by all, and no note undoes another one', async () => {
  const { open } = await start();
  const [one, two] = [await open(), await open()];
  await one.board.note('holding', 'prod', null);
  expect((await open()).last()).toEqual({ confirmed: [], holding: [] });
  await one.board.note('holding', 'prod', '1');
  await two.board.note('confirmed', 'vms', '2');
  const both = { confirmed: [['vms', '2']], holding: [['prod', '1']] };
  for (const { last } of [one, two]) await expect.poll(last, { timeout: 10_000 }).toEqual(both);
  await two.board.note('holding', 'prod', null);
  await expect.poll(one.last, { timeout: 10_000 }).toEqual({ ...both, holding: [] });
});

it('is empty when it is deleted, or holds what nobody here wrote', async () => {
  const { client, open } = await start();
  const { board, last } = await open();
  await board.note('holding', 'prod', '1');
  await client.patch(path, { data: { 'other.thing': 'x', holding: 'y' } });
  await expect.poll(last, { timeout: 10_000 }).toMatchObject({ holding: [['prod', '1']], confirmed: [] });
  await client.delete(path);
  await expect.poll(last, { timeout: 10_000 }).toEqual({ confirmed: [], holding: [] });
});

it('starts without an answer of the API server, and is read once there is one', async () => {
  const { server, open } = await start();
  await (await open()).board.note('holding', 'prod', '1');
  await server.rig('fail', { verb: 'get', resource: 'configmaps', status: 500, count: 1 });
  const { last } = await open();
  await expect.poll(last, { timeout: 10_000 }).toMatchObject({ holding: [['prod', '1']] });
});
