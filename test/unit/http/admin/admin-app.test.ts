import type { Express } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createAdminApp, type AdminApp } from '../../../../src/http/admin/admin-app.ts';
import { startListener, type Listener } from '../../../../src/http/listener.ts';
import { TraefikHealth } from '../../../../src/http/admin/traefik-health.ts';
import { createMetrics } from '../../../../src/http/admin/metrics.ts';
import { Pollers } from '../../../../src/http/provider/pollers.ts';
import { toProblem } from '../../../../src/model/problem.ts';
import {
  ask,
  createLog,
  eventually,
  MemoryInspection,
  MemoryListing,
  MemoryPublished,
  open,
  openAccess,
} from '../support.ts';
import { slowness } from '../../../support/slowness.ts';

const service = { source: 'prod', kind: 'Service', namespace: 'rds', name: 'orders' };
const problem = toProblem('port-unknown', service, { message: 'It has no port 99', hint: 'name one it has' });

interface Admin {
  readonly port: number;
  readonly app: AdminApp;
  readonly listener: Listener;
  readonly published: MemoryPublished;
  readonly inspection: MemoryInspection;
  readonly listing: MemoryListing;
  readonly pollers: Pollers;
  readonly confirmed: readonly (string | undefined)[];
}

/** @param api Of the Traefiks of the fleet `default`. */
async function startAdmin(api: readonly string[] = []): Promise<Admin> {
  const published = new MemoryPublished();
  const inspection = new MemoryInspection();
  const pollers = new Pollers();
  const metrics = createMetrics({
    version: '0',
    published,
    inspection,
    pollers,
    isLeader: () => true,
    heldPolls: () => 0,
  });
  const { log } = createLog();
  const health = new TraefikHealth({ fleets: [{ name: 'default', api }] });
  const confirmed: (string | undefined)[] = [];
  const confirm = (source?: string): Promise<readonly string[]> => {
    confirmed.push(source);
    return Promise.resolve(['prod']);
  };
  const listing = new MemoryListing();
  const access = openAccess();
  const app = createAdminApp({
    published,
    inspection,
    pollers,
    metrics,
    health,
    confirm,
    access: () => access,
    fleets: [],
    version: '1.2.3',
    isLeader: () => true,
    listing,
    log,
  });
  const listener = await startListener(app, { host: '127.0.0.1', port: 0 }, { setting: 'listen.admin', log });
  onTestFinished(async () => {
    await listener.stop(0);
    metrics.close();
  });
  return { port: listener.address.port, app, listener, published, inspection, listing, pollers, confirmed };
}

async function askJson(port: number, path: string): Promise<unknown> {
  const { headers, body } = await ask(port, path);
  expect(headers['content-type']).toBe('application/json');
  return JSON.parse(body.toString());
}

test('/healthz answers 200 while starting and while draining', async () => {
  const { port, app, published } = await startAdmin();
  published.waitingFor = ['source prod'];
  expect((await ask(port, '/healthz')).status).toBe(200);
  app.announceStop();
  expect((await ask(port, '/healthz')).status).toBe(200);
});

test('/readyz answers 503 while starting, 200 when ready, 503 when draining', async () => {
  const { port, app, published } = await startAdmin();
  published.waitingFor = ['source prod'];
  expect((await ask(port, '/readyz')).status).toBe(503);
  expect(await askJson(port, '/readyz')).toEqual({ status: 'starting', waitingFor: ['source prod'] });
  published.waitingFor = [];
  expect((await ask(port, '/readyz')).status).toBe(200);
  app.announceStop();
  expect((await ask(port, '/readyz')).status).toBe(503);
  expect(await askJson(port, '/readyz')).toEqual({ status: 'draining' });
});

test('the index names every address, and each of them answers', async () => {
  const { port } = await startAdmin();
  const index = await ask(port, '/');
  expect(index.headers['content-type']).toBe('text/plain; charset=utf-8');
  const paths = [...index.body.toString().matchAll(/^(\/\S+)/gm)].map(([, path = '']) => path);
  for (const path of paths.filter((each) => !each.includes('{'))) {
    const { status } = await ask(port, path, { method: 'HEAD' });
    expect([path, status]).toEqual([path, 200]);
  }
});

/** What Express keeps of its routes. */
const stackSchema = z.array(
  z.object({
    route: z.object({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional(),
  }),
);

test('the index, and so docs/http-api.md, has every route of the application, and no other', async () => {
  const { port, app } = await startAdmin();
  const { router } = app.handler as Express;
  const served = stackSchema
    .parse(router.stack)
    .flatMap(({ route }) =>
      route === undefined ? [] : Object.keys(route.methods).map((method) => `${method} ${route.path}`),
    );
  const named = [...(await ask(port, '/')).body.toString().matchAll(/^(\/\S+)/gm)].map(
    ([, path = '']) => `get ${path.replaceAll(/\{(\w+)\}/g, ':$1').replace('/:namespace', '{/:namespace}')}`,
  );
  // The page and its files, and the one thing that is no question.
  const others = ['get /', 'get /page/:name', 'post /api/confirm'];
  expect(served.toSorted()).toEqual([...named, ...others].toSorted());
});

test('problems are reported with their object as users write it', async () => {
  const { port, inspection } = await startAdmin();
  inspection.problemList = [problem];
  inspection.report = { pools: [], banks: [], namespaces: [], ports: [], history: [], refused: [problem] };
  const json = {
    severity: 'error',
    code: 'port-unknown',
    object: 'Service/rds/orders',
    source: 'prod',
    field: '',
    message: 'It has no port 99',
    hint: 'name one it has',
  };
  expect(await askJson(port, '/api/problems')).toEqual([json]);
  const report = { pools: [], banks: [], namespaces: [], ports: [], history: [], refused: [json] };
  expect(await askJson(port, '/api/ports')).toEqual(report);
});

test('/api/pollers tells who holds the current revision', async () => {
  const { port, published, pollers } = await startAdmin();
  const { revision } = published.publish('{}');
  pollers.record({
    address: '10.0.0.1',
    host: 'edge-1',
    userAgent: 'traefik',
    fleet: 'default',
    bank: 0,
    status: 200,
    revision,
  });
  expect(await askJson(port, '/api/pollers')).toMatchObject([{ address: '10.0.0.1', current: true }]);
  published.publish('{"n":2}');
  expect(await askJson(port, '/api/pollers')).toMatchObject([{ address: '10.0.0.1', current: false }]);
});

test('an object is explained, and an unknown one is 404', async () => {
  const { port, inspection } = await startAdmin();
  const explanation = { source: 'prod', verdict: 'routed', annotations: [], routes: [], ports: [] };
  inspection.explanations = [
    { ...explanation, object: 'Service/rds/orders', problems: [problem] },
    { ...explanation, object: 'IngressClass//fairlead', problems: [] },
  ];
  expect(await askJson(port, '/api/explain/Service/rds/orders')).toMatchObject([
    { object: 'Service/rds/orders', verdict: 'routed', problems: [{ object: 'Service/rds/orders' }] },
  ]);
  expect(await askJson(port, '/api/explain/IngressClass/fairlead')).toHaveLength(1);
  expect((await ask(port, '/api/explain/Service/rds/other')).status).toBe(404);
  expect(await askJson(port, '/api/explain/Service/rds/other')).toEqual({
    error: 'no source has Service/rds/other',
  });
});

test('what is explained has what Traefiks see of its servers, and why one could not be asked', async () => {
  // Refused by fetch itself: nothing is asked of this machine.
  const api = 'http://127.0.0.1:1';
  const { port, inspection } = await startAdmin([api]);
  const explanation = { source: 'prod', verdict: 'routed', annotations: [], ports: [], problems: [] };
  const rest = { router: 'r', rule: '', entryPoints: [], servers: [], middlewares: [], tls: false };
  const origin = { fleet: 'default', source: 'prod', object: 'Service/rds/orders' };
  const checks = [{ service: 's', active: 'GET /' }];
  const route = { ...rest, ...origin, protocol: 'http', service: 's' } as const;
  inspection.explanations = [
    { ...explanation, object: origin.object, routes: [{ ...route, checks }] },
    { ...explanation, object: 'Service/rds/other', routes: [route] },
  ];
  expect(await askJson(port, '/api/explain/Service/rds/orders')).toMatchObject([
    { health: [{ traefik: api, service: 's', error: 'it cannot be reached' }] },
  ]);
  const [other] = z.tuple([z.looseObject({})]).parse(await askJson(port, '/api/explain/Service/rds/other'));
  expect(other).not.toHaveProperty('health');
});

test('every answer has the security headers and allows no other origin', async () => {
  const { port } = await startAdmin();
  for (const path of ['/', '/api/routes', '/nothing-here']) {
    const { headers } = await ask(port, path, { headers: { origin: 'http://evil.example' } });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test('only GET and HEAD are answered', async () => {
  const { port } = await startAdmin();
  const answer = await ask(port, '/api/routes', { method: 'POST' });
  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toBe('GET, HEAD');
});

test('/metrics is Prometheus text', async () => {
  const { port } = await startAdmin();
  const { headers, body } = await ask(port, '/metrics');
  expect(headers['content-type']).toContain('text/plain; version=0.0.4');
  expect(body.toString()).toContain('fairlead_held_polls 0\n');
});

test('an open event stream gets changes, and does not delay a stop', async () => {
  const { port, listener, published } = await startAdmin();
  published.publish('{"n":1}');
  const response = await open(port, '/api/events');
  expect(response.headers['content-type']).toBe('text/event-stream');
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise((resolve) => void response.once('end', resolve));
  const count = (): number => text.split('event: state').length - 1;
  await eventually(() => count() === 1);
  published.publish('{"n":2}');
  await eventually(() => count() === 2);
  const stopped = performance.now();
  await Promise.all([listener.stop(10_000), ended]);
  expect(performance.now() - stopped).toBeLessThan(1_000 * slowness());
});

test('a loss can be confirmed from the machine itself, and by no page of another site', async () => {
  const { port, inspection, confirmed } = await startAdmin();
  inspection.sourceList = [{ name: 'prod', state: 'synced', detail: '', objects: 1, lastSync: null }];
  const headers = { 'X-Fairlead-Confirm': 'yes' };
  const post = async (path: string, more: Record<string, string> = headers): Promise<number> =>
    (await ask(port, path, { method: 'POST', headers: more })).status;
  expect(await post('/api/confirm', {})).toBe(403);
  expect(await post('/api/confirm', { ...headers, Host: 'attacker.example' })).toBe(403);
  expect(await post('/api/confirm?source=other')).toBe(404);
  expect(await post('/api/confirm?source=prod&source=prod')).toBe(404);
  expect(confirmed).toEqual([]);
  expect(await post('/api/confirm')).toBe(200);
  expect(await post('/api/confirm?source=prod')).toBe(200);
  expect(confirmed).toEqual([undefined, 'prod']);
  expect((await ask(port, '/api/confirm')).status).toBe(404);
  expect(await post('/api/sources')).toBe(405);
});

test('what is held back is told with readiness, as data and as a metric', async () => {
  const { port, inspection } = await startAdmin();
  const until = '2026-01-01T00:00:30.000Z';
  const fleets = [{ fleet: 'default', lost: 60, known: 100 }];
  const row = { source: 'prod', mode: 'hold', since: '2026-01-01T00:00:00.000Z', until, fleets } as const;
  inspection.shrinkList = [{ ...row, namespaces: 2, example: 'Service/a/b' }];
  expect(await askJson(port, '/readyz')).toEqual({
    status: 'ready',
    shrinks: [{ source: 'prod', mode: 'hold', until }],
  });
  expect(await askJson(port, '/api/shrinks')).toEqual(inspection.shrinkList);
  const { body } = await ask(port, '/metrics');
  expect(body.toString()).toContain('fairlead_shrunk_routes{source="prod",fleet="default",mode="hold"} 60');
});
