import * as fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { toProblem } from '../../../../src/model/problem.ts';
import type { KubeClient } from '../../../../src/kubernetes/kube-client.ts';
import { MissingRights } from '../../../../src/write-back/missing-rights.ts';
import { ClusterEvents, type EventLimits } from '../../../../src/write-back/events/cluster-events.ts';
import { planWarnings, type Warning } from '../../../../src/write-back/events/plan-warnings.ts';
import { countRequests, startFakeCluster } from '../../../support/fake-cluster.ts';

const path = '/apis/events.k8s.io/v1/namespaces/ns/events';
const fast: EventLimits = {
  burst: 1_000,
  perSecond: 1_000,
  changeMs: 0,
  settleMs: 0,
  retryMs: 100,
  refreshMs: 60_000,
  repeatMs: 60_000,
  maxNotices: 2,
};
const forbidden = 'events.events.k8s.io is forbidden: User "fairlead" cannot create resource "events"';

function toWarnings(words: Readonly<Record<string, string>>): readonly Warning[] {
  const problems = Object.entries(words).map(([name, message]) => {
    const subject = { source: 'prod', kind: 'Service', namespace: 'ns', name };
    return toProblem('annotation-invalid', subject, { message, hint: '' });
  });
  return planWarnings(problems, () => 'u').get('prod') ?? [];
}

function open(client: KubeClient, limits: Partial<EventLimits> = {}): ClusterEvents {
  const events = new ClusterEvents({
    client,
    author: 'me',
    namespaces: [],
    rights: new MissingRights('prod', () => undefined, { firstMs: 50, mostMs: 50, healthyMs: 0 }),
    isLeader: () => true,
    log: pino({ level: 'silent' }),
    limits: { ...fast, ...limits },
  });
  onTestFinished(() => events.stop());
  return events;
}

/** `object: words` of each Event, sorted. */
async function read(client: KubeClient): Promise<readonly string[]> {
  const { items } = await client.getJson(path);
  const events = items as readonly { readonly note: string; readonly regarding: { readonly name: string } }[];
  return events.map(({ note, regarding }) => `${regarding.name}: ${note.trim()}`).toSorted();
}

const until = (client: KubeClient, lines: readonly string[]): Promise<void> =>
  vi.waitFor(async () => expect(await read(client)).toEqual(lines), { timeout: 10_000, interval: 20 });

describe('Warnings', () => {
  it('whatever is wanted meanwhile and fails, exactly what is wanted in the end is there', async () => {
    const { server, client } = await startFakeCluster();
    const words = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('One.', 'Two.'));
    const fault = fc.record({
      verb: fc.constantFrom('create', 'delete', 'list'),
      status: fc.constantFrom(500, 409, 403),
      applied: fc.boolean(),
      count: fc.integer({ min: 1, max: 3 }),
    });
    const step = fc.record({ next: words, fault: fc.option(fault) });
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const events = open(client);
      for (const { next, fault: how } of steps) {
        // 403 means that it had no effect.
        const applied = how !== null && how.applied && how.status !== 403;
        if (how !== null) await server.rig('fail', { ...how, applied, resource: 'events' });
        events.want(toWarnings(next));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await server.rig('reset');
      const last = Object.entries(steps.at(-1)?.next ?? {}).map(([name, note]) => `${name}: ${note}`);
      await until(client, last.toSorted());
      await events.stop();
    });
    await fc.assert(property, { numRuns: 8 });
  }, 120_000);

  it('that are there are left as they are by the next leader, and what is mended goes', async () => {
    const { server, client } = await startFakeCluster();
    const first = open(client);
    first.want(toWarnings({ a: 'One.', b: 'One.', c: 'One.' }));
    await until(client, ['a: One.', 'b: One.', 'c: One.']);
    await first.stop();
    await server.rig('stats/reset');
    open(client).want(toWarnings({ a: 'One.', b: 'Two.' }));
    await until(client, ['a: One.', 'b: Two.']);
    const counts = await Promise.all(
      ['create', 'delete'].map((verb) => countRequests(server, `${verb} events`)),
    );
    expect(counts).toEqual([1, 2]);
  });

  it('wait where the right is missing, and are written soon after it is there', async () => {
    const { server, client } = await startFakeCluster();
    await server.rig('fail', { verb: 'create', status: 403, count: 1_000, message: forbidden });
    const events = open(client);
    events.want(toWarnings({ a: 'One.' }));
    await vi.waitFor(async () => expect(await countRequests(server, 'create events')).toBe(1));
    await server.rig('reset');
    await until(client, ['a: One.']);
  });
});

it('notices are written once, and so many may wait', async () => {
  const { client } = await startFakeCluster();
  const events = open(client);
  const about = { source: 'prod', kind: 'Service', namespace: 'ns', name: 'a' };
  const content = { type: 'Normal', reason: 'PortAllocated', action: 'Allocating', about, uid: 'u' } as const;
  for (const note of ['One.', 'One.', 'Two.', 'Three.']) events.notify({ ...content, note });
  await until(client, ['a: One.', 'a: Two.']);
  events.notify({ ...content, note: 'One.' });
  events.notify({ ...content, note: 'Four.' });
  await until(client, ['a: Four.', 'a: One.', 'a: Two.']);
});
