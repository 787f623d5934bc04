import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';

import { LeaderElection, type LeaderTimings } from '../../../src/kubernetes/leader-election.ts';
import { startFakeCluster } from '../../support/fake-cluster.ts';

const timings: LeaderTimings = { leaseMs: 2_000, renewMs: 1_200, retryMs: 200, lookMs: 50 };
const lease = '/apis/coordination.k8s.io/v1/namespaces/ns/leases/lease';
const patience = { timeout: 6_000, interval: 20 };

async function start() {
  const { server, client } = await startFakeCluster();
  const elect = (identity: string): LeaderElection => {
    const place = { client, namespace: 'ns', name: 'lease', identity, timings };
    const election = new LeaderElection({ ...place, log: pino({ level: 'silent' }) });
    onTestFinished(() => election.stop());
    election.start();
    return election;
  };
  return { server, client, elect };
}

const untilLeads = (election: LeaderElection): Promise<void> =>
  vi.waitFor(() => expect(election.isLeader).toBe(true), patience);

it('one of several leads, and the others know who', async () => {
  const { elect } = await start();
  const all = ['a', 'b', 'c'].map(elect);
  await vi.waitFor(() => expect(all.filter(({ isLeader }) => isLeader)).toHaveLength(1), patience);
  const holder = all.find(({ isLeader }) => isLeader)?.identity;
  await vi.waitFor(() => expect(all.map(({ leader }) => leader)).toEqual([holder, holder, holder]), patience);
  await sleep(1_500);
  expect(all.filter(({ isLeader }) => isLeader).map(({ identity }) => identity)).toEqual([holder]);
});

it('who stops gives the Lease back, and the next one need not wait', async () => {
  const { elect } = await start();
  const first = elect('a');
  await untilLeads(first);
  const second = elect('b');
  await sleep(200);
  expect(second.isLeader).toBe(false);
  const began = performance.now();
  await first.stop();
  expect(first.isLeader).toBe(false);
  await untilLeads(second);
  expect(performance.now() - began).toBeLessThan(timings.leaseMs);
});

it('who cannot renew stops leading by itself before another one starts', async () => {
  const { server, elect } = await start();
  const first = elect('a');
  await untilLeads(first);
  const spans: string[] = [];
  first.onChange((leading) => spans.push(`a ${leading}`));
  const second = elect('b');
  second.onChange((leading) => spans.push(`b ${leading}`));
  await server.rig('fail', { verb: 'update', resource: 'leases', status: 500, count: 1_000, seconds: 1.5 });
  await vi.waitFor(() => expect(spans).toContain('a false'), patience);
  expect(first.isLeader && second.isLeader).toBe(false);
  await server.rig('reset');
  await vi.waitFor(() => expect(first.isLeader || second.isLeader).toBe(true), patience);
});

it.each([
  ['the answer is lost', { status: 504, applied: true }],
  ['the connection is cut', { abort: true }],
])('goes on leading though %s', async (_what, fault) => {
  const { server, elect } = await start();
  const election = elect('a');
  await untilLeads(election);
  await server.rig('fail', { verb: 'update', resource: 'leases', count: 1, ...fault });
  for (let look = 0; look < 30; look += 1) {
    expect(election.isLeader).toBe(true);
    await sleep(50);
  }
});

it('another one who wrote the Lease is believed', async () => {
  const { client, elect } = await start();
  const election = elect('a');
  await untilLeads(election);
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  await client.patch(lease, { spec: { holderIdentity: 'thief', renewTime } });
  await vi.waitFor(() => expect(election.isLeader).toBe(false), patience);
  expect(election.leader).toBe('thief');
  await untilLeads(election);
});
