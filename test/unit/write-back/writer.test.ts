import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { kinds } from '../../../src/kinds/index.ts';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import { MissingRights } from '../../../src/write-back/missing-rights.ts';
import type { AnnotationsWrite, GatewayStatusWrite } from '../../../src/write-back/write.ts';
import { Writer, type WriterTimings } from '../../../src/write-back/writer.ts';
import { countRequests, startFakeCluster } from '../../support/fake-cluster.ts';

const services = '/api/v1/namespaces/ns/services';
const timings: Partial<WriterTimings> = {
  backOff: { firstMs: 50, mostMs: 50, healthyMs: 0 },
  observeMs: 300,
  undoneMs: 200,
};
const ref = { source: 'prod', kind: 'Service', namespace: 'ns', name: 'db' } as const;
const key = toObjectKey(ref);

const toWrite = (value: string, uid?: string): AnnotationsWrite => ({
  kind: 'annotations',
  ref,
  ...(uid !== undefined && { uid }),
  annotations: { port: value },
});

const toStatus = (base: string): GatewayStatusWrite => ({
  kind: 'gateway-status',
  ref,
  base,
  status: { parents: ['ours'] },
});

async function start() {
  const { server, client } = await startFakeCluster();
  const changed = vi.fn();
  const rights = new MissingRights('prod', changed, { firstMs: 50, mostMs: 50, healthyMs: 0 });
  const state = { leading: true };
  const observed: string[] = [];
  const writer = new Writer({
    clientOf: () => client,
    rights: new Map([['prod', rights]]),
    isLeader: () => state.leading,
    observer: {
      conflicted: (target) => void observed.push(`conflict over ${target}`),
      writeFailed: () => void observed.push('failed'),
      wroteBack: () => void observed.push('tried'),
    },
    log: pino({ level: 'silent' }),
    timings,
  });
  onTestFinished(() => writer.stop());
  const create = (): Promise<unknown> =>
    client.create(services, { metadata: { name: 'db', annotations: { other: '1' } }, spec: {} });
  await create();
  const read = async (): Promise<unknown> => {
    const { metadata } = await client.getJson(`${services}/db`);
    return (metadata as { readonly annotations: unknown }).annotations;
  };
  const until = (value: string): Promise<void> =>
    vi.waitFor(async () => expect(await read()).toEqual({ other: '1', port: value }), { timeout: 5_000 });
  return {
    server,
    client,
    writer,
    rights,
    state,
    observed,
    create,
    until,
    count: () => countRequests(server, 'patch services'),
  };
}

describe('a write', () => {
  it('touches what it is about, and is not made again before it could be seen', async () => {
    const { writer, until, count } = await start();
    writer.submit([toWrite('1')]);
    await until('1');
    writer.submit([toWrite('1')]);
    await sleep(100);
    expect(await count()).toBe(1);
    writer.submit([]);
    expect(writer.pending).toBe(0);
  });

  it('is made again when it is not seen in time', async () => {
    const { writer, until, count } = await start();
    writer.submit([toWrite('1')]);
    await until('1');
    await vi.waitFor(async () => expect(await count()).toBeGreaterThan(1), { timeout: 3_000 });
  });

  it.each([
    ['the server fails', { status: 500 }],
    ['of a conflict', { status: 409 }],
    ['the server has too much to do', { status: 429 }],
    ['the connection is cut', { abort: true }],
    ['the answer is lost', { status: 504, applied: true }],
  ])('is right in the end though %s', async (_what, fault) => {
    const { server, writer, until } = await start();
    await server.rig('fail', { verb: 'patch', count: 2, ...fault });
    writer.submit([toWrite('1')]);
    await until('1');
  });

  it('that somebody else was first with counts as a conflict, and one that failed as failed', async () => {
    const { server, writer, observed, until } = await start();
    await server.rig('fail', { verb: 'patch', count: 2, status: 409 });
    writer.submit([toWrite('1')]);
    await until('1');
    expect(observed).toEqual(['tried', 'conflict over annotations', 'failed', 'tried']);
  });

  it('of an object that is another one now is given up', async () => {
    const { writer, count } = await start();
    writer.submit([toWrite('1', 'another')], new Set([key]));
    await vi.waitFor(async () => expect(await count()).toBe(1));
    await sleep(100);
    expect(await count()).toBe(1);
  });

  it('gives way to a later one', async () => {
    const { server, writer, until } = await start();
    await server.rig('delay', { verb: 'patch', ms: 200, count: 1 });
    writer.submit([toWrite('1')]);
    writer.submit([toWrite('2')]);
    await until('2');
  });

  it('that somebody undoes is made again, slower and slower', async () => {
    const { client, writer, until, count } = await start();
    for (let round = 0; round < 3; round += 1) {
      writer.submit([toWrite('1')]);
      await until('1');
      writer.submit([]);
      await client.patch(`${services}/db`, { metadata: { annotations: { port: null } } });
    }
    const before = await count();
    writer.submit([toWrite('1')]);
    await sleep(100);
    expect(await count()).toBe(before);
    await until('1');
  });

  it('waits for a right, which is a problem, and is made soon after it is there', async () => {
    const { server, writer, rights, until } = await start();
    const message = 'services "db" is forbidden: User "fairlead" cannot patch resource "services"';
    await server.rig('fail', { verb: 'patch', status: 403, count: 1_000, message });
    writer.submit([toWrite('1')]);
    await vi.waitFor(() => expect(rights.problems.map(({ code }) => code)).toEqual(['write-back-refused']));
    await server.rig('reset');
    await vi.waitFor(() => expect(rights.problems).toEqual([]), { timeout: 10_000 });
    await until('1');
  });

  it('is not made by who does not lead', async () => {
    const { writer, state, count } = await start();
    state.leading = false;
    writer.submit([toWrite('1')]);
    await sleep(100);
    expect([await count(), writer.pending]).toEqual([0, 0]);
  });

  it('into a list that others write too is not made on what they have changed since, and at once on the present version', async () => {
    const { client, writer, observed } = await start();
    const read = async (): Promise<{ readonly version: string; readonly status: unknown }> => {
      const { metadata, status } = await client.getJson(`${services}/db`);
      return { version: (metadata as { readonly resourceVersion: string }).resourceVersion, status };
    };
    const { version: former } = await read();
    await client.patch(`${services}/db`, { metadata: { annotations: { other: '2' } } });
    writer.submit([toWrite('1'), toStatus(former)]);
    await vi.waitFor(() => expect(observed).toContain('conflict over status'));
    await vi.waitFor(async () => expect(await read()).not.toHaveProperty('status.parents'));
    await vi.waitFor(
      async () => {
        writer.submit([toStatus((await read()).version)], new Set([key]));
        expect(await read()).toHaveProperty('status.parents', ['ours']);
      },
      { timeout: 5_000 },
    );
  });

  it('goes to the version of a custom resource that the server has', async () => {
    const { server, client, writer } = await start();
    await server.rig('serve', { plural: 'tcproutes', kind: 'TCPRoute', versions: 'v1alpha2' });
    const routes = '/apis/gateway.networking.k8s.io/v1alpha2/namespaces/ns/tcproutes';
    await client.create(routes, { metadata: { name: 'db' } });
    await client.discovery.find(kinds.TCPRoute, { timeoutMs: 5_000, freshMs: 0 });
    const status = { parents: ['ours'] };
    writer.submit([{ kind: 'gateway-status', ref: { ...ref, kind: 'TCPRoute' }, status }]);
    await vi.waitFor(async () => expect(await client.getJson(`${routes}/db`)).toMatchObject({ status }));
  });
});
