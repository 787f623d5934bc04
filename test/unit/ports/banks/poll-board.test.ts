import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';

import { formatPolls } from '../../../../src/ports/banks/polls-document.ts';
import { noPolls, type BankPolls } from '../../../../src/ports/banks/bank-polls.ts';
import { ConfigMapPollBoard } from '../../../../src/ports/banks/poll-board.ts';
import { startFakeCluster } from '../../../support/fake-cluster.ts';

const timings = { lookMs: 50, repeatMs: 200, lifeMs: 1_500, removeMs: 3_000 };
const path = '/api/v1/namespaces/ns/configmaps';
const patience = { timeout: 15_000 };

function toPolls(host: string, ...banks: readonly number[]): BankPolls {
  return new Map([['default', new Map([[host, new Set(banks)]])]]);
}

async function start() {
  const { server, client } = await startFakeCluster();
  const log = pino({ level: 'silent' });
  /** A replica that says what it sees, and hears of the others while it leads. */
  const join = (identity: string, polls: BankPolls, isLeader = false) => {
    const board = new ConfigMapPollBoard({ client, namespace: 'ns', name: 'ports', identity, log, timings });
    const replica = { board, polls, isLeader, changes: 0 };
    board.start({
      own: () => replica.polls,
      isLeader: () => replica.isLeader,
      changed: () => (replica.changes += 1),
    });
    onTestFinished(() => board.stop());
    return replica;
  };
  const names = async (): Promise<number> => {
    const { items } = await client.getJson(path);
    return Array.isArray(items) ? items.length : -1;
  };
  return { server, client, join, names };
}

it('the leader hears from each of the others who polls it, once for each change', async () => {
  const { join } = await start();
  const leader = join('one', toPolls('edge-1', 0), true);
  const second = join('two', toPolls('edge-2', 0));
  join('three', toPolls('edge-2', 1));
  const heard = (): string => formatPolls(leader.board.others());
  await vi.waitFor(() => expect(heard()).toBe('{"default":{"edge-2":"0-1"}}'), patience);
  const { changes } = leader;
  expect(changes).toBeLessThanOrEqual(2);
  second.polls = toPolls('edge-2', 0, 2);
  second.board.tell();
  await vi.waitFor(() => expect(heard()).toBe('{"default":{"edge-2":"0-2"}}'), patience);
  expect(leader.changes).toBe(changes + 1);
});

it('a replica that nobody polls writes nothing', async () => {
  const { join, names } = await start();
  const replica = join('one', noPolls);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await names()).toBe(0);
  replica.polls = toPolls('edge-1', 0);
  replica.board.tell();
  await vi.waitFor(async () => expect(await names()).toBe(1), patience);
});

it('what a replica has said ends with it: at once when it stops, soon when it dies', async () => {
  const { join, names, client } = await start();
  const leader = join('one', noPolls, true);
  const stopping = join('two', toPolls('edge-2', 0));
  const data = { polls: formatPolls(toPolls('edge-3', 0)) };
  const [written] = await vi.waitFor(async () => {
    const { items } = await client.getJson(path);
    expect(items).toHaveLength(1);
    return items as readonly { readonly metadata: { readonly labels: object } }[];
  }, patience);
  // As one that was killed has left it.
  const metadata = { name: 'ports-polls-dead', labels: written?.metadata.labels };
  await client.create(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
  const heard = (): string => formatPolls(leader.board.others());
  await vi.waitFor(() => expect(heard()).toBe('{"default":{"edge-2":"0","edge-3":"0"}}'), patience);
  await stopping.board.stop();
  await vi.waitFor(() => expect(heard()).toBe('{}'), patience);
  await vi.waitFor(async () => expect(await names()).toBe(0), patience);
});

it('goes on after failures, and reads no ConfigMap of another ledger', async () => {
  const { server, client, join } = await start();
  const other = { name: 'other', labels: { 'fairlead.dev/polls': 'other' } };
  const data = { polls: formatPolls(toPolls('edge-9', 0)) };
  await client.create(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: other, data });
  await server.rig('fail', { verb: 'list', resource: 'configmaps', status: 500, times: 3 });
  await server.rig('fail', { verb: 'create', resource: 'configmaps', status: 403, times: 2 });
  const leader = join('one', noPolls, true);
  join('two', toPolls('edge-2', 0));
  await vi.waitFor(
    () => expect(formatPolls(leader.board.others())).toBe('{"default":{"edge-2":"0"}}'),
    patience,
  );
});
