import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { LedgerEntry } from '../../src/model/ports.ts';
import { createClusterSource } from '../../src/source/cluster/cluster-source.ts';
import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { ObjectStore } from '../../src/source/object-store.ts';
import { planWrites } from '../../src/write-back/plan/plan.ts';
import type { IngressStatus } from '../../src/write-back/write.ts';
import { Writer, type WriterTimings } from '../../src/write-back/writer.ts';
import { toPool, toPort } from '../unit/ports/allocation/notation.ts';
import { findApiServer, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';

const program = findApiServer('writing back to a cluster');
const log = pino({ level: 'silent' });
const settings = {
  fleets: [
    {
      name: 'default',
      ingressClasses: ['fairlead'],
      gatewayClasses: [],
      listeners: new Map(),
      plugins: [],
      entryPoints: { http: 'web', https: 'websecure' },
      addresses: ['edge.example.com', '192.0.2.7'],
      traefik: { major: 3, minor: 7 },
      pools: [toPool({ tcp: '20000-40000' })],
    },
  ],
  services: {
    expose: [{ key: 'fairlead.dev/expose', allocated: '{protocol}.fairlead.dev/{port}' }],
  },
};
const settled = {
  'fairlead.dev/addresses': 'mysql=edge.example.com:20000,mysql=192.0.2.7:20000',
  'tcp.fairlead.dev/3306': '20000',
};
const published = [{ hostname: 'edge.example.com' }, { ip: '192.0.2.7' }];

const collections = [
  '/api/v1/namespaces/default/services',
  '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
];

function toService(name: string, annotations: Readonly<Record<string, string>> = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', annotations: { 'fairlead.dev/expose': 'true', ...annotations } },
    spec: { ports: [{ name: 'mysql', port: 3306 }] },
  };
}

function toIngress(name: string): Manifest {
  const metadata = { name, namespace: 'default' };
  const spec = { defaultBackend: { service: { name: 'db', port: { number: 80 } } } };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec };
}

function toHeld(name: string, port = 20_000): LedgerEntry {
  const holder = { source: 'prod', kind: 'Service', namespace: 'default', name };
  const since = '2026-01-01T00:00:00Z';
  const identity = { fleet: 'default', pool: 'default', holder, servicePort: 3306 };
  return { ...identity, port: toPort(port), protocols: ['tcp'], state: 'held', since };
}

describe.skipIf(program === undefined)('writing back', () => {
  let server: ApiServer;
  let client: KubeClient;
  let cleanup: Cleanup;

  beforeAll(async () => {
    server = await startApiServer(program ?? '');
    client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
  });

  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  beforeEach(() => {
    cleanup = new Cleanup();
  });

  afterEach(async () => {
    await server.rig('reset');
    await cleanup.run();
    for (const collection of collections) await client.delete(collection);
  });

  function kubectl(input: string, ...args: readonly string[]): string {
    return execFileSync('kubectl', ['--kubeconfig', server.kubeconfig, ...args], { encoding: 'utf8', input });
  }

  interface Loop {
    readonly writer: Writer;
    leading: boolean;
    ledger: readonly LedgerEntry[];
    /** The fleets that serve each Ingress, by its name. */
    serving: Readonly<Record<string, readonly string[]>>;
    plan(): Promise<void>;
  }

  /** A cluster source whose changes are planned and written, as the control plane does. */
  async function startLoop(
    ledger: readonly LedgerEntry[],
    timings: Partial<WriterTimings> = {},
  ): Promise<Loop> {
    const store = new ObjectStore();
    const source = cleanup.keep(
      createClusterSource(
        { name: 'prod', kubeconfig: server.kubeconfig, context: null, namespaces: [] },
        log,
      ),
    );
    const isLeader = (): boolean => loop.leading;
    const writer = cleanup.keep(
      new Writer({
        clientOf: () => source.client,
        rights: new Map(),
        isLeader,
        log,
        timings: { observeMs: 60_000, ...timings },
      }),
    );
    const loop: Loop = {
      writer,
      leading: true,
      ledger,
      serving: {},
      async plan() {
        const ingresses = Object.keys(loop.serving).length === 0 ? [] : await readIngresses(loop.serving);
        const services = [...store.values()].filter((object) => object.kind === 'Service');
        const sources = new Set(['prod']);
        writer.submit(
          planWrites({
            settings,
            sources,
            services,
            ingresses,
            ledger: { entries: loop.ledger },
            claimsOf: () => [],
          }),
        );
      },
    };
    let synced = false;
    source.start({
      changed: (changes) => {
        store.apply(changes);
        if (synced) void loop.plan();
      },
      problems: () => undefined,
      state: ({ kind }) => {
        synced ||= kind === 'synced';
        if (synced) void loop.plan();
      },
    });
    await eventually('the source is synced', 10_000, () => synced);
    return loop;
  }

  async function readIngresses(
    serving: Readonly<Record<string, readonly string[]>>,
  ): Promise<readonly IngressStatus[]> {
    const found: IngressStatus[] = [];
    await client.list('/apis/networking.k8s.io/v1/ingresses', (items) => {
      for (const item of items) {
        const { metadata, status } = item as {
          readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
          readonly status?: { readonly loadBalancer?: { readonly ingress?: IngressStatus['addresses'] } };
        };
        const { name, namespace, uid } = metadata;
        const ref = { source: 'prod', kind: 'Ingress', namespace, name } as const;
        found.push({
          ref,
          uid,
          addresses: status?.loadBalancer?.ingress ?? [],
          fleets: serving[name] ?? [],
        });
      }
    });
    return found;
  }

  async function annotationsOf(name: string): Promise<Readonly<Record<string, string>>> {
    const { metadata } = await client.getJson(`/api/v1/namespaces/default/services/${name}`);
    return (metadata as { readonly annotations?: Readonly<Record<string, string>> }).annotations ?? {};
  }

  /** What Fairlead wrote on a Service. */
  async function written(name: string): Promise<Readonly<Record<string, string>>> {
    const all = Object.entries(await annotationsOf(name));
    const own = all.filter(([key]) => key.startsWith('tcp.') || key === 'fairlead.dev/addresses');
    return Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  const untilSettled = (name = 'db', ms = 10_000): Promise<unknown> =>
    eventually(`${name} is written`, ms, async () =>
      JSON.stringify(await written(name)) === JSON.stringify(settled) ? true : undefined,
    );

  /** How many requests of a verb and resource were sent since the last `reset`. */
  async function countRequests(what: string): Promise<number> {
    const stats = await server.rig('stats', {}, 'GET');
    return (stats as { readonly totals: Readonly<Record<string, number>> }).totals[what] ?? 0;
  }

  const resetStats = (): Promise<unknown> => server.rig('stats/reset');

  async function statusOf(name: string): Promise<unknown> {
    const { status } = await client.getJson(
      `/apis/networking.k8s.io/v1/namespaces/default/ingresses/${name}`,
    );
    return (status as { readonly loadBalancer: { readonly ingress?: unknown } }).loadBalancer.ingress;
  }

  const untilStatus = (name: string, wanted: unknown): Promise<unknown> =>
    eventually(`the status is ${JSON.stringify(wanted)}`, 5_000, async () =>
      JSON.stringify(await statusOf(name)) === JSON.stringify(wanted) ? true : undefined,
    );

  describe('annotations', () => {
    it('are written once, and nothing more when they are seen', async () => {
      await server.apply(toService('db', { mine: 'stays' }));
      await resetStats();
      const { writer } = await startLoop([toHeld('db')]);
      await untilSettled();
      await eventually('nothing is left to write', 5_000, () => writer.pending === 0);
      await sleep(300);
      expect(await countRequests('patch services')).toBe(1);
      expect(await annotationsOf('db')).toMatchObject({ mine: 'stays', 'fairlead.dev/expose': 'true' });
    });

    it.each([
      ['an edited port', ['annotate', '--overwrite', 'service', 'db', 'tcp.fairlead.dev/3306=20001']],
      ['a removed port', ['annotate', 'service', 'db', 'tcp.fairlead.dev/3306-']],
      ['a port that was made up', ['annotate', 'service', 'db', 'tcp.fairlead.dev/80=20001']],
    ])('put %s back', async (_what, args) => {
      await server.apply(toService('db'));
      const { writer } = await startLoop([toHeld('db')]);
      await untilSettled();
      await eventually('nothing is left to write', 5_000, () => writer.pending === 0);
      kubectl('', ...args);
      await untilSettled('db', 3_000);
    });

    it('go when the Service asks no more', async () => {
      await server.apply(toService('db'));
      await startLoop([toHeld('db')]);
      await untilSettled();
      kubectl('', 'annotate', '--overwrite', 'service', 'db', 'fairlead.dev/expose=false');
      await eventually('they are gone', 5_000, async () => Object.keys(await written('db')).length === 0);
    });

    it('are left alone by who applies the manifest again, in both ways', async () => {
      const manifest = JSON.stringify(toService('db'));
      kubectl(manifest, 'apply', '-f', '-');
      await startLoop([toHeld('db')]);
      await untilSettled();
      await resetStats();
      kubectl(manifest, 'apply', '-f', '-');
      kubectl(manifest, 'apply', '--server-side', '--force-conflicts', '-f', '-');
      expect(await written('db')).toEqual(settled);
      await sleep(300);
      const fields = kubectl('', 'get', 'service', 'db', '-o', 'json', '--show-managed-fields');
      expect(fields).toContain('"manager": "fairlead"');
    });

    it.each([
      ['a conflict', { status: 409 }],
      ['three conflicts', { status: 409, count: 3 }],
      ['an overloaded server', { status: 429, 'retry-after': 1 }],
      ['errors', { status: 500, count: 2 }],
      ['a cut connection', { abort: true }],
      ['a refusal by an admission plugin', { status: 403, message: 'admission webhook "a.b" denied it' }],
      ['a lost answer', { status: 504, applied: true }],
      ['a connection cut after it was done', { abort: true, applied: true }],
    ])('are there in the end after %s', async (_what, fault) => {
      await server.apply(toService('db'));
      await server.rig('fail', { verb: 'patch', resource: 'services', ...fault });
      const { writer } = await startLoop([toHeld('db')]);
      await untilSettled();
      await eventually('nothing is left to write', 5_000, () => writer.pending === 0);
    });

    it('are not written again while the watch is behind', async () => {
      await server.apply(toService('db'));
      const loop = await startLoop([]);
      await server.rig('pause-watches', { mode: 'hold', seconds: 2 });
      await resetStats();
      loop.ledger = [toHeld('db')];
      await loop.plan();
      await untilSettled();
      await loop.plan();
      await loop.plan();
      await sleep(500);
      expect(await countRequests('patch services')).toBe(1);
      expect(loop.writer.pending).toBe(1);
      await eventually('the watch delivers it', 5_000, () => loop.writer.pending === 0);
      expect(await countRequests('patch services')).toBe(1);
    });

    it('are written again, less and less often, when they are never seen', async () => {
      await server.apply(toService('db'));
      const loop = await startLoop([], { observeMs: 200 });
      await server.rig('pause-watches', { mode: 'hold', seconds: 20 });
      await resetStats();
      loop.ledger = [toHeld('db')];
      await loop.plan();
      await sleep(2_000);
      expect(await countRequests('patch services')).toBe(4);
    });

    it('are written at a slower and slower pace when somebody keeps undoing them', async () => {
      await server.apply(toService('db'));
      const loop = await startLoop([toHeld('db')], { undoneMs: 400 });
      await untilSettled();
      await resetStats();
      const until = performance.now() + 2_500;
      let undone = 0;
      while (performance.now() < until) {
        const found = await written('db');
        if (found['tcp.fairlead.dev/3306'] === '20000') {
          await client.patch('/api/v1/namespaces/default/services/db', {
            metadata: { annotations: { 'tcp.fairlead.dev/3306': '1' } },
          });
          undone += 1;
        }
        await sleep(20);
      }
      // Put back at once for two times, and then after 400, 800 and 1600 ms. Unhindered it would be dozens.
      expect(undone).toBeGreaterThanOrEqual(3);
      expect(undone).toBeLessThanOrEqual(5);
      expect(loop.writer.pending).toBe(1);
    });

    it('are written by the leader only', async () => {
      await server.apply(toService('db'));
      await resetStats();
      const loop = await startLoop([]);
      loop.leading = false;
      loop.ledger = [toHeld('db')];
      await loop.plan();
      await sleep(200);
      expect(await countRequests('patch services')).toBe(0);
      expect(loop.writer.pending).toBe(0);
      loop.leading = true;
      await loop.plan();
      await untilSettled();
    });

    it('are not written any more when the leadership ends between two tries', async () => {
      await server.apply(toService('db'));
      await server.rig('fail', { verb: 'patch', resource: 'services', status: 500 });
      await resetStats();
      const loop = await startLoop([toHeld('db')]);
      await eventually(
        'the first try failed',
        5_000,
        async () => (await countRequests('patch services')) === 1,
      );
      loop.leading = false;
      await sleep(1_000);
      expect(await countRequests('patch services')).toBe(1);
      expect(await written('db')).toEqual({});
    });

    it('meant for an object that was replaced do not reach the new one', async () => {
      await server.apply(toService('db', { one: 'x' }));
      const loop = await startLoop([]);
      await server.rig('pause-watches', { mode: 'hold', seconds: 2 });
      await server.delete(toService('db'));
      await server.apply(toService('db', { two: 'x' }));
      await resetStats();
      loop.ledger = [toHeld('db')];
      await loop.plan();
      await eventually('it was tried', 5_000, async () => (await countRequests('patch services')) === 1);
      await sleep(200);
      expect(await written('db')).toEqual({});
      await untilSettled();
      expect(await countRequests('patch services')).toBe(2);
    });

    it('meant for an object that is gone are dropped', async () => {
      await server.apply(toService('db'));
      const loop = await startLoop([]);
      await server.rig('pause-watches', { mode: 'hold', seconds: 1 });
      await server.delete(toService('db'));
      await resetStats();
      loop.ledger = [toHeld('db')];
      await loop.plan();
      await eventually('the watch delivers it', 5_000, () => loop.writer.pending === 0);
      expect(await countRequests('patch services')).toBe(1);
    });

    it('of many Services take few requests at a time, and one each', async () => {
      const names = Array.from({ length: 300 }, (_each, index) => `db-${index}`);
      await Promise.all(names.map((name) => client.create(collections[0] ?? '', toService(name))));
      await resetStats();
      const loop = await startLoop(names.map((name, index) => toHeld(name, 20_000 + index)));
      await eventually(
        'all are asked for',
        5_000,
        async () => loop.writer.pending > 0 || (await countRequests('patch services')) > 0,
      );
      await eventually('nothing is left to write', 20_000, () => loop.writer.pending === 0);
      expect(await countRequests('patch services')).toBe(300);
      expect((await written('db-299'))['tcp.fairlead.dev/3306']).toBe('20299');
    });
  });

  describe('the status of an Ingress', () => {
    it('is published, and cleared when it belongs to somebody else', async () => {
      await server.apply(toIngress('web'), toIngress('other'));
      const loop = await startLoop([]);
      loop.serving = { web: ['default'] };
      await loop.plan();
      await untilStatus('web', published);
      await loop.plan();
      await eventually('nothing is left to write', 5_000, () => loop.writer.pending === 0);
      expect(await statusOf('other')).toBeUndefined();
      loop.serving = { web: [] };
      await loop.plan();
      await untilStatus('web', undefined);
    });

    it('is put back, and survives conflicts and lost answers', async () => {
      await server.apply(toIngress('web'));
      const loop = await startLoop([]);
      loop.serving = { web: ['default'] };
      await server.rig('fail', { resource: 'ingresses/status', verb: 'patch', status: 409, count: 3 });
      await server.rig('fail', { resource: 'ingresses/status', verb: 'patch', status: 504, applied: true });
      await loop.plan();
      await untilStatus('web', published);
      await loop.plan();
      const path = '/apis/networking.k8s.io/v1/namespaces/default/ingresses/web/status';
      await client.patch(path, { status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } } });
      await loop.plan();
      await untilStatus('web', published);
    });
  });
});
