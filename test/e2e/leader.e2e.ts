import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { LeaderElection, type LeaderTimings } from '../../src/kubernetes/leader-election.ts';
import { findApiServer, startApiServer, type ApiServer } from './support/apiserver.ts';
import { startChild } from './support/child.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { slowness } from '../support/slowness.ts';

const program = findApiServer('leader election');
const namespace = 'fairlead-system';
const log = pino({ level: 'silent' });
const timings: LeaderTimings = { leaseMs: 2_000, renewMs: 1_200, retryMs: 200, lookMs: 50 };
const probe = fileURLToPath(new URL('support/elector-probe.ts', import.meta.url));

describe.skipIf(program === undefined)('leader election', () => {
  let server: ApiServer;
  let cleanup: Cleanup;
  let count = 0;
  let name = '';

  beforeAll(async () => {
    server = await startApiServer(program ?? '');
    await server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });

  afterAll(() => server.stop());

  beforeEach(async () => {
    name = `lease-${++count}`;
    cleanup = new Cleanup();
    await server.rig('reset');
  });

  afterEach(() => cleanup.run());

  function elect(kubeconfig = server.kubeconfig): LeaderElection {
    const client = new KubeClient({ kubeconfig, context: null });
    cleanup.add(() => client.close());
    const election = cleanup.keep(new LeaderElection({ client, namespace, name, log, timings }));
    election.start();
    return election;
  }

  async function electLeader(kubeconfig?: string): Promise<LeaderElection> {
    const election = elect(kubeconfig);
    await eventually('a leader', 5_000, () => election.isLeader);
    return election;
  }

  const readLease = async (): Promise<Readonly<Record<string, unknown>>> => {
    const client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
    const lease = await client.getJson(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`);
    await client.close();
    return lease['spec'] as Readonly<Record<string, unknown>>;
  };

  /** A kubeconfig for a user of its own, whom faults can single out. */
  async function addUser(user: string): Promise<string> {
    const token = `token-of-${user}-${name}`;
    await server.rig('token', { user, token });
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    const path = join(folder.path, 'kubeconfig');
    writeFileSync(path, readFileSync(server.kubeconfig, 'utf8').replaceAll('rig-admin-token', token));
    return path;
  }

  it('makes one of two the leader, and keeps it', async () => {
    const first = await electLeader();
    const second = elect();
    for (let look = 0; look < 50; look += 1) {
      expect([first.isLeader, second.isLeader]).toEqual([true, false]);
      await sleep(50);
    }
    expect(await readLease()).toMatchObject({ holderIdentity: first.identity, leaseDurationSeconds: 2 });
    expect(second.leader).toBe(first.identity);
  });

  it('hands over at once when the leader stops', async () => {
    const first = await electLeader();
    const second = elect();
    await sleep(300);
    const changes: boolean[] = [];
    first.onChange((leading) => changes.push(leading));
    await first.stop();
    const stopped = performance.now();
    expect(changes).toEqual([false]);
    expect(first.isLeader).toBe(false);
    await eventually('the successor', 5_000, () => second.isLeader);
    expect(performance.now() - stopped).toBeLessThan(timings.retryMs * slowness());
    expect(await readLease()).toMatchObject({ holderIdentity: second.identity, leaseTransitions: 1 });
  });

  it.each([
    ['is refused', { status: 500, count: 1 }],
    ['meets a conflict', { status: 409, count: 1 }],
    ['is carried out but its answer lost', { status: 504, applied: true, count: 2 }],
    ['is cut off', { abort: true, count: 2 }],
  ])('goes on leading when a renewal %s', async (_how, fault) => {
    const first = await electLeader();
    const second = elect();
    const changes: boolean[] = [];
    first.onChange((leading) => changes.push(leading));
    await server.rig('fail', { verb: 'update', resource: 'leases', ...fault });
    await sleep(1_600);
    expect(changes).toEqual([]);
    expect([first.isLeader, second.isLeader]).toEqual([true, false]);
  });

  it.each([
    ['are refused', 'fail', { status: 503, seconds: 10, count: 1000 }],
    ['hang', 'delay', { ms: 8_000, seconds: 10 }],
  ])('ends before another one leads when the renewals of the leader %s', async (_how, fault, params) => {
    const first = await electLeader(await addUser('unlucky'));
    const second = elect();
    await sleep(300);
    const events: string[] = [];
    first.onChange((leading) => events.push(`first ${leading}`));
    second.onChange((leading) => events.push(`second ${leading}`));
    await server.rig(fault, { resource: 'leases', user: 'unlucky', ...params });
    await eventually('the successor', 8_000, () => second.isLeader);
    expect(events).toEqual(['first false', 'second true']);
    await server.rig('reset');
    await sleep(1_000);
    expect([first.isLeader, second.isLeader]).toEqual([false, true]);
  });

  it('passes to one of the others when the leader dies, within the time of the lease', async () => {
    const child = await startProbe();
    const others = [elect(), elect(), elect()];
    await sleep(500);
    // Right after a renewal they wait longest.
    const { renewTime } = await readLease();
    await eventually('a renewal', 2_000, async () => (await readLease())['renewTime'] !== renewTime);
    await child.crash();
    const died = performance.now();
    await eventually('the successor', 5_000, () => others.some(({ isLeader }) => isLeader));
    const took = performance.now() - died;
    expect(took).toBeGreaterThan(timings.renewMs);
    expect(took).toBeLessThan(timings.leaseMs * slowness());
    await sleep(1_000);
    expect(others.filter(({ isLeader }) => isLeader)).toHaveLength(1);
  });

  it('is known to be over by a leader that was paused, with its first look', async () => {
    const child = await startProbe();
    const second = elect();
    await sleep(500);
    process.kill(child.pid, 'SIGSTOP');
    await eventually('the successor', 5_000, () => second.isLeader);
    const woken = Date.now();
    process.kill(child.pid, 'SIGCONT');
    await sleep(600);
    const looks = toLooks(child.logs());
    expect(looks.findLast(({ at }) => at < woken)?.leading).toBe(true);
    const after = looks.filter(({ at }) => at >= woken);
    expect(after.length).toBeGreaterThan(20);
    expect(after.filter(({ leading }) => leading)).toEqual([]);
    expect(second.isLeader).toBe(true);
  });

  async function startProbe() {
    const args = ['--import', 'tsx', probe, server.kubeconfig, name, JSON.stringify(timings)];
    const child = cleanup.keep(await startChild(process.execPath, args));
    const leads = (): boolean => toLooks(child.logs()).at(-1)?.leading === true;
    await eventually('the other process leads', 10_000, leads, child.ended);
    return child;
  }
});

function toLooks(logs: string): readonly { readonly at: number; readonly leading: boolean }[] {
  const lines = logs.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}
