import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import type { ApiServer, Manifest } from './api-server.ts';
import { ContractWatch } from './contract-watch.ts';

const maps = '/api/v1/namespaces/shop/configmaps';
const services = '/api/v1/namespaces/shop/services';
const ingresses = '/apis/networking.k8s.io/v1/namespaces/shop/ingresses';

const map = (name: string, more: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data: { a: '1' },
  ...more,
});
const service = (annotations: Readonly<Record<string, string>>): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db', namespace: 'shop', annotations },
  spec: { ports: [{ name: 'mysql', port: 3306 }] },
});
const ingress: Manifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { defaultBackend: { service: { name: 'db', port: { number: 3306 } } } },
};

/** What the fake has in common with a real API server: every test of it runs against both. */
export function describeApiContract(what: string, start: () => Promise<ApiServer>): void {
  describe(`the API of ${what}`, () => {
    let server: ApiServer;
    let client: KubeClient;

    beforeAll(async () => {
      server = await start();
      client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
    });

    afterAll(async () => {
      await client.close();
      await server.stop();
    });

    afterEach(async () => {
      await server.rig('reset');
      for (const path of [maps, ingresses]) await client.delete(path);
      await client.delete(`${services}/db`).catch(() => undefined);
    });

    const watch = (path: string, query: Readonly<Record<string, string | number>> = {}) =>
      ContractWatch.open(client, path, query);

    describe('writes', () => {
      it('creates once, replaces what has not changed, and deletes', async () => {
        const created = await client.create(maps, map('a'));
        expect(created).toMatchObject({ kind: 'ConfigMap', metadata: { uid: expect.any(String) } });
        const again = client.create(maps, map('a'));
        await expect(again).rejects.toMatchObject({ status: 409, reason: 'AlreadyExists' });
        await client.replace(`${maps}/a`, { ...created, data: { a: '2' } });
        const stale = client.replace(`${maps}/a`, { ...created, data: { a: '3' } });
        await expect(stale).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
        expect(await client.getJson(`${maps}/a`)).toMatchObject({ data: { a: '2' } });
        await client.delete(`${maps}/a`);
        const gone = { status: 404, reason: 'NotFound' };
        await expect(client.getJson(`${maps}/a`)).rejects.toMatchObject(gone);
        await expect(client.delete(`${maps}/a`)).rejects.toMatchObject(gone);
        await expect(client.patch(`${maps}/a`, { data: {} })).rejects.toMatchObject(gone);
        await expect(client.replace(`${maps}/a`, map('a'))).rejects.toMatchObject(gone);
      });

      it('patches by merging, and makes no version of what changes nothing', async () => {
        await client.create(maps, map('a', { data: { a: '1', b: '2' } }));
        const patched = await client.patch(`${maps}/a`, { data: { a: null, c: '3' } });
        expect(patched).toMatchObject({ data: { b: '2', c: '3' } });
        expect(patched['data']).not.toHaveProperty('a');
        expect(await client.patch(`${maps}/a`, { data: { c: '3' } })).toEqual(patched);
      });

      it('refuses a patch of another version or object', async () => {
        const { metadata } = await client.create(maps, map('a'));
        const { resourceVersion } = metadata as { readonly resourceVersion: string };
        await client.patch(`${maps}/a`, { metadata: { resourceVersion }, data: { a: '2' } });
        const stale = client.patch(`${maps}/a`, { metadata: { resourceVersion }, data: { a: '3' } });
        await expect(stale).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
        const other = client.patch(`${maps}/a`, { metadata: { uid: 'another' } });
        await expect(other).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
      });

      it('keeps the status apart from the rest', async () => {
        await server.apply(ingress);
        const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
        await client.patch(`${ingresses}/web`, { status });
        const before = await client.getJson(`${ingresses}/web`);
        expect(before['status']).toEqual({ loadBalancer: {} });
        await client.patch(`${ingresses}/web/status`, { metadata: { labels: { a: 'b' } }, status });
        const after = await client.getJson(`${ingresses}/web`);
        expect(after).toMatchObject({ status, spec: before['spec'] });
        expect(after['metadata']).not.toHaveProperty('labels');
        const cleared = { status: { loadBalancer: { ingress: null } } };
        expect((await client.patch(`${ingresses}/web/status`, cleared))['status']).toEqual({
          loadBalancer: {},
        });
      });

      it('applies: what a manager applied before and does not any more goes, what others wrote stays', async () => {
        await server.apply(service({ a: '1', b: '1' }));
        const query = { fieldManager: 'fairlead' };
        await client.patch(`${services}/db`, { metadata: { annotations: { c: '1' } } }, { query });
        await server.apply(service({ a: '2' }));
        const { metadata, spec } = await client.getJson(`${services}/db`);
        expect(metadata).toMatchObject({ annotations: { a: '2', c: '1' } });
        expect(JSON.stringify(metadata)).not.toContain('"b":"1"');
        expect(spec).toMatchObject({ type: 'ClusterIP', clusterIP: expect.stringMatching(/^10\.96\./) });
        expect(spec).toMatchObject({ ports: [{ port: 3306, protocol: 'TCP' }] });
      });

      it('says who wrote an annotation', async () => {
        await server.apply(service({ a: '1' }));
        const query = { fieldManager: 'fairlead' };
        await client.patch(`${services}/db`, { metadata: { annotations: { c: '1' } } }, { query });
        const { metadata } = await client.getJson(`${services}/db`);
        const { managedFields } = metadata as { readonly managedFields: readonly { manager: string }[] };
        const texts = managedFields.map((entry) => ({ who: entry.manager, text: JSON.stringify(entry) }));
        expect(texts.find(({ who }) => who === 'fairlead')?.text).toContain('"f:c":{}');
        expect(texts.find(({ who }) => who === 'fairlead')?.text).not.toContain('"f:a":{}');
      });

      it('encodes what a Secret is given as text', async () => {
        const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } };
        const path = '/api/v1/namespaces/shop/secrets';
        expect(await client.create(path, secret)).toMatchObject({ type: 'Opaque', data: { a: 'Yg==' } });
        await client.delete(`${path}/s`);
      });
    });

    describe('lists', () => {
      it('page by page what is selected, without saying what the items are', async () => {
        for (let index = 0; index < 5; index += 1) {
          const metadata = { name: `m-${index}`, labels: { side: index % 2 === 0 ? 'left' : 'right' } };
          await client.create(maps, map(`m-${index}`, { metadata }));
        }
        expect(await listNames(client, {})).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-4']);
        expect(await listNames(client, { labelSelector: 'side=left' })).toEqual(['m-0', 'm-2', 'm-4']);
        expect(await listNames(client, { labelSelector: 'side!=left' })).toEqual(['m-1', 'm-3']);
        expect(await listNames(client, { fieldSelector: 'metadata.name=m-3' })).toEqual(['m-3']);
      });

      it('deletes a collection', async () => {
        await client.create(maps, map('a'));
        await client.create(maps, map('b'));
        await client.delete(maps);
        await client.list(maps, (items) => expect(items).toEqual([]));
      });

      it('answers 404 for what is not served', async () => {
        const missing = client.getJson('/apis/nobody.example.com/v1/things');
        await expect(missing).rejects.toMatchObject({ status: 404 });
      });
    });

    describe('watches', () => {
      it('go on from a version, in order', async () => {
        const { metadata } = await client.create(maps, map('a'));
        const { resourceVersion } = metadata as { readonly resourceVersion: string };
        await client.patch(`${maps}/a`, { data: { a: '2' } });
        const seen = await watch(maps, { resourceVersion });
        await client.create(maps, map('b'));
        await client.delete(`${maps}/b`);
        await seen.until(['MODIFIED a', 'ADDED b', 'DELETED b']);
        const versions = seen.events.map(({ version }) => Number(version));
        expect(versions).toEqual(versions.toSorted((one, other) => one - other));
        await seen.close();
      });

      it('see what comes into a selection and leaves it', async () => {
        const resourceVersion = await client.list(maps, () => undefined);
        const seen = await watch(maps, { resourceVersion, labelSelector: 'side=left' });
        await client.create(maps, map('a'));
        await client.patch(`${maps}/a`, { metadata: { labels: { side: 'left' } } });
        await client.patch(`${maps}/a`, { data: { a: '2' } });
        await client.patch(`${maps}/a`, { metadata: { labels: null } });
        await seen.until(['ADDED a', 'MODIFIED a', 'DELETED a']);
        await seen.close();
      });

      it('end after their time, with a bookmark', async () => {
        const resourceVersion = await client.list(maps, () => undefined);
        const query = { resourceVersion, timeoutSeconds: 2, allowWatchBookmarks: 'true' };
        const seen = await watch(maps, query);
        expect(await seen.ended).toBe('closed');
        for (const { type } of seen.events) expect(type).toBe('BOOKMARK');
      });

      it('cannot go on from a version that is forgotten', async () => {
        const resourceVersion = await client.list(maps, () => undefined);
        await client.create(maps, map('a'));
        await client.patch(`${maps}/a`, { data: { a: '2' } });
        await server.rig('compact');
        // The real one takes a second.
        await sleep(1_500);
        const seen = await watch(maps, { resourceVersion });
        await seen.ended;
        expect(seen.events).toMatchObject([{ type: 'ERROR', code: 410 }]);
      });
    });

    describe('faults', () => {
      it('fail so many requests of a kind, with or without their effect', async () => {
        await server.rig('fail', {
          verb: 'create',
          resource: 'configmaps',
          status: 429,
          count: 2,
          'retry-after': 7,
        });
        for (let count = 0; count < 2; count += 1)
          await expect(client.create(maps, map('a'))).rejects.toMatchObject({
            status: 429,
            retryAfterMs: 7_000,
          });
        await client.create(maps, map('a'));
        await server.rig('fail', { verb: 'create', status: 504, applied: true });
        await expect(client.create(maps, map('b'))).rejects.toMatchObject({ status: 504 });
        await expect(client.create(maps, map('b'))).rejects.toMatchObject({ reason: 'AlreadyExists' });
        await server.rig('fail', { verb: 'get', abort: true });
        await expect(client.getJson(`${maps}/a`)).rejects.toMatchObject({ status: 0 });
        await client.getJson(`${maps}/a`);
      });

      it('delay, and are counted', async () => {
        await client.create(maps, map('a'));
        await server.rig('stats/reset');
        await server.rig('delay', { verb: 'get', ms: 300, count: 1 });
        const began = performance.now();
        await client.getJson(`${maps}/a`);
        expect(performance.now() - began).toBeGreaterThan(250);
        await client.getJson(`${maps}/a`);
        expect(await server.rig('stats', {}, 'GET')).toMatchObject({ totals: { 'get configmaps': 2 } });
      });

      it('end watches, hold them, and lose them', async () => {
        const resourceVersion = await client.list(maps, () => undefined);
        const [closed, aborted] = [await watch(maps, { resourceVersion }), await watch(ingresses)];
        await server.rig('drop-watches', { mode: 'close', resource: 'configmaps' });
        expect(await closed.ended).toBe('closed');
        await server.rig('drop-watches', { mode: 'abort' });
        expect(await aborted.ended).toBe('cut');
        const held = await watch(maps, { resourceVersion });
        await server.rig('pause-watches', { mode: 'hold', seconds: 1 });
        await client.create(maps, map('a'));
        await sleep(300);
        expect(held.lines).toEqual([]);
        await held.until(['ADDED a']);
        await server.rig('pause-watches', { mode: 'lose', seconds: 1 });
        await client.create(maps, map('b'));
        expect(await held.ended).toBe('cut');
        expect(held.lines).toEqual(['ADDED a']);
      });

      it('refuse tokens', async () => {
        await server.rig('unauthorized', { token: 'rig-admin-token' });
        await expect(client.getJson('/api/v1/namespaces/default')).rejects.toMatchObject({ status: 401 });
        await server.rig('unauthorized', { token: 'rig-admin-token', on: false });
        await client.getJson('/api/v1/namespaces/default');
      });
    });
  });
}

async function listNames(
  client: KubeClient,
  query: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const names: string[] = [];
  const take = (items: readonly unknown[]): void => {
    expect(items[0]).not.toHaveProperty('kind');
    names.push(...items.map((item) => (item as Manifest).metadata.name));
  };
  expect(await client.list(maps, take, { limit: 2, query })).toMatch(/^\d+$/);
  return names;
}
