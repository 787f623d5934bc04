import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSilentLogger } from '../../../../src/app/log.ts';
import { createSources } from '../../../../src/app/create-sources.ts';
import { Access } from '../../../../src/http/admin/access.ts';
import { createAdminApp } from '../../../../src/http/admin/admin-app.ts';
import { createMetrics } from '../../../../src/http/admin/metrics.ts';
import { TraefikHealth } from '../../../../src/http/admin/traefik-health.ts';
import { startListener, type Listener } from '../../../../src/http/listener.ts';
import { Pollers } from '../../../../src/http/provider/pollers.ts';
import { replay } from '../../../../src/inspect/replay.ts';
import { createMemoryLedger } from '../../../../src/ports/ledger/memory.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { ask, eventually, MemoryPublished, open } from '../support.ts';

/*
 * Two tenants that meet wherever two can: hosts, paths, ports, certificates, pools. Everything of the other one has a word in its name
 * that nothing else has.
 */
const foreign = /quokka|wombat/i;

const manifests = `
apiVersion: v1
kind: Service
metadata:
  name: wombat-db
  namespace: quokka
  creationTimestamp: "2020-01-01T00:00:00Z"
  annotations: { fairlead.dev/expose: "true", fairlead.dev/request-port.3306: "20085", fairlead.dev/wombat: x }
spec: { selector: { app: a }, ports: [{ port: 3306 }] }
---
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
  annotations: { fairlead.dev/expose: "true", fairlead.dev/request-port.3306: "20085", fairlead.dev/sni: sni.example.com }
spec: { selector: { app: a }, ports: [{ port: 3306 }, { port: 3307 }] }
---
apiVersion: v1
kind: Service
metadata:
  name: wombat-vault
  namespace: quokka
  annotations: { fairlead.dev/expose: "true", fairlead.dev/pool: vault }
spec: { selector: { app: a }, ports: [{ port: 1 }] }
---
apiVersion: v1
kind: Service
metadata:
  name: greedy
  namespace: shop
  annotations: { fairlead.dev/expose: "true", fairlead.dev/pool: vault }
spec: { selector: { app: a }, ports: [{ port: 1 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: wombat-web, namespace: quokka, creationTimestamp: "2020-01-01T00:00:00Z" }
spec:
  ingressClassName: fairlead
  tls: [{ hosts: [shared.example.com], secretName: wombat-tls }]
  rules:
    - host: shared.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: wombat-db, port: { number: 3306 } } } }] }
    - host: sni.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: wombat-db, port: { number: 3306 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  ingressClassName: fairlead
  tls: [{ hosts: [shared.example.com], secretName: gone }]
  rules:
    - host: shared.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: db, port: { number: 3306 } } } }] }
    - host: shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: db, port: { number: 3306 } } } }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: fairlead }
spec: { controllerName: fairlead.dev/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec:
  gatewayClassName: fairlead
  listeners:
    - { name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }
    - { name: mysql, port: 20085, protocol: TCP }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wombat-edge, namespace: quokka }
spec: { gatewayClassName: fairlead, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: wombat-route, namespace: quokka, creationTimestamp: "2020-01-01T00:00:00Z" }
spec:
  parentRefs: [{ name: edge, namespace: shop }, { name: wombat-edge }]
  hostnames: [shared.example.com, routed.example.com]
  rules: [{ backendRefs: [{ name: wombat-db, port: 3306 }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: route, namespace: shop }
spec:
  parentRefs: [{ name: edge }]
  hostnames: [shared.example.com, routed.example.com]
  rules: [{ backendRefs: [{ name: db, port: 3306 }] }]
`;

const configuration = `
sources: [{ name: all, directory: { path: . } }]
ingress: { owners: [{ hosts: ["*.wombat.example"], namespaces: [quokka] }], hostOwnership: OWNERSHIP }
fleets: [{ pools: [{ name: vault, tcp: { range: 27000-27009 }, namespaces: [quokka] }] }]
admin:
  tokens:
    - { token: token-that-sees-everything }
    - { token: token-of-the-shop-team, namespaces: [shop] }
    - { token: token-of-pattern-teams, namespaces: ["sh*", "other"] }
    - { token: token-of-nobody-at-all, namespaces: [nothing-here] }
`;
const tokens = {
  all: 'token-that-sees-everything',
  shop: 'token-of-the-shop-team',
  pattern: 'token-of-pattern-teams',
  nobody: 'token-of-nobody-at-all',
};
type Who = keyof typeof tokens;

/** What is asked, by the words of the index. \`{kind}\` and so on are filled in by hand: a new endpoint has no place here and fails. */
const requests: Readonly<Record<string, readonly string[]>> = {
  '/': ['/'],
  '/api/status': ['/api/status'],
  '/api/search/routes': ['/api/search/routes'],
  '/api/search/ports': ['/api/search/ports'],
  '/api/search/problems': [
    '/api/search/problems',
    '/api/search/problems?q=quokka',
    '/api/search/problems?q=wombat',
  ],
  '/api/pools/{fleet}/{pool}/{protocol}': ['/api/pools/default/default/tcp'],
  '/api/pools/{fleet}/{pool}/{protocol}/{port}': [
    '/api/pools/default/default/tcp/20000',
    '/api/pools/default/default/tcp/20085',
  ],
  '/api/routes': ['/api/routes'],
  '/api/answer': ['/api/answer'],
  '/api/ports': ['/api/ports'],
  '/api/problems': ['/api/problems'],
  '/api/pollers': ['/api/pollers'],
  '/api/shrinks': ['/api/shrinks'],
  '/api/sources': ['/api/sources'],
  '/api/traefiks': ['/api/traefiks'],
  '/api/explain/{kind}/{namespace}/{name}': [
    '/api/explain/Service/shop/db',
    '/api/explain/Service/shop/greedy',
    '/api/explain/Ingress/shop/web',
    '/api/explain/Namespace/shop',
    '/api/explain/Gateway/shop/edge',
    '/api/explain/HTTPRoute/shop/route',
  ],
};
/** Of whom nothing is told: one that is there and one that is not, which have to look alike. */
const secrets = [
  ['/api/explain/Service/quokka/wombat-db', '/api/explain/Service/quokka/nothing'],
  ['/api/explain/Ingress/quokka/wombat-web', '/api/explain/Ingress/quokka/nothing'],
  ['/api/explain/Namespace/quokka', '/api/explain/Namespace/nothing'],
  ['/api/explain/Gateway/quokka/wombat-edge', '/api/explain/Gateway/quokka/nothing'],
  ['/api/explain/HTTPRoute/quokka/wombat-route', '/api/explain/HTTPRoute/quokka/nothing'],
  ['/api/explain/svc/quokka/wombat-db', '/api/explain/svc/quokka/nothing'],
] as const;

function countOwn(text: string): number {
  return [...text.matchAll(/"object":"\w+\/shop\/|"holder":"\w+\/shop\//g)].length;
}

/** How many routes are attached to the first listener of an explained Gateway, and those that are named. */
function readListener(text: string): readonly unknown[] {
  const [explained]: { gateway: { listeners: { attachedRoutes: number; routes: string[] }[] } }[] =
    JSON.parse(text);
  const [first] = explained?.gateway.listeners ?? [];
  return [first?.attachedRoutes, first?.routes.toSorted()];
}

interface Running {
  readonly listener: Listener;
  readonly folder: string;
  readonly close: () => Promise<void>;
}

async function start(ownership: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-views-'));
  writeFileSync(join(folder, 'all.yaml'), manifests);
  writeFileSync(join(folder, 'wombat-broken.yaml'), 'kind: [');
  writeFileSync(join(folder, 'fairlead.yml'), configuration.replace('OWNERSHIP', ownership));
  const settings = loadSettings({ configPath: 'fairlead.yml', env: {}, cwd: folder });
  const log = createSilentLogger();
  const { sources } = createSources(settings, log);
  const { inspection, listing } = await replay(settings, sources, createMemoryLedger());
  const published = new MemoryPublished();
  const pollers = new Pollers();
  const metrics = createMetrics({
    version: '0',
    published,
    inspection,
    pollers,
    isLeader: () => true,
    heldPolls: () => 0,
  });
  const access = new Access(settings);
  const app = createAdminApp({
    published,
    inspection,
    pollers,
    metrics,
    health: new TraefikHealth({ fleets: [] }),
    confirm: () => Promise.resolve([]),
    listing,
    version: '0',
    isLeader: () => true,
    access: () => access,
    fleets: settings.fleets,
    log,
  });
  const listener = await startListener(app, { host: '127.0.0.1', port: 0 }, { setting: 'listen.admin', log });
  const close = async (): Promise<void> => {
    await listener.stop(0);
    metrics.close();
    rmSync(folder, { recursive: true });
  };
  return { listener, folder, close };
}

describe.each(['shared', 'namespace'])('with hosts that are %s', (ownership) => {
  let running: Running;
  beforeAll(async () => {
    running = await start(ownership);
  });
  afterAll(() => running.close());

  const read = async (
    who: Who,
    path: string,
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const headers = { authorization: `Bearer ${tokens[who]}` };
    const { status, body } = await ask(running.listener.address.port, path, { headers });
    return { status, text: body.toString() };
  };

  test('every endpoint of the index is asked here', async () => {
    const { text } = await read('shop', '/');
    const paths = [...text.matchAll(/^(\/\S*)/gm)].map(([, path = '']) => path);
    const others = new Set(['/healthz', '/readyz', '/metrics', '/api/events']);
    expect(paths.filter((path) => !others.has(path) && requests[path] === undefined)).toEqual([]);
  });

  const paths = Object.values(requests).flat();
  test.each(paths)('%s shows the others to nobody but who sees all', async (path) => {
    for (const who of ['shop', 'pattern', 'nobody'] as const) {
      const { status, text } = await read(who, path);
      expect([who, status === 200 || (who === 'nobody' && status === 404)]).toEqual([who, true]);
      expect([who, foreign.exec(text)?.input.slice(0, 2_000)]).toEqual([who, undefined]);
    }
  });

  test('what is searched for is there: whoever sees all sees it in each', async () => {
    for (const path of [
      '/api/routes',
      '/api/ports',
      '/api/problems',
      '/api/search/routes',
      '/api/search/ports',
      '/api/search/problems?q=wombat',
      '/api/pools/default/default/tcp/20085',
      '/api/explain/Service/shop/db',
      '/api/explain/Ingress/shop/web',
      '/api/explain/Gateway/shop/edge',
    ])
      expect([path, foreign.test((await read('all', path)).text)]).toEqual([path, true]);
  });

  test('the own objects are all there, with their problems', async () => {
    for (const who of ['shop', 'pattern'] as const) {
      for (const path of ['/api/routes', '/api/ports', '/api/problems']) {
        const seen = countOwn((await read(who, path)).text);
        expect([path, seen]).toEqual([path, countOwn((await read('all', path)).text)]);
        expect(seen).toBeGreaterThan(0);
      }
    }
  });

  test('a port that another holds is told as taken, without saying by whom; so is how full a pool is', async () => {
    const report: { pools: { pool: string; held: number }[]; taken: unknown[] } = JSON.parse(
      (await read('shop', '/api/ports')).text,
    );
    expect(report.taken).toEqual([
      { fleet: 'default', pool: 'default', port: 20_085, protocols: ['tcp'], state: 'held' },
    ]);
    expect(report.pools.map(({ pool }) => pool)).toEqual(['default', 'default']);
    expect(report.pools[0]?.held).toBeGreaterThan(1);
    expect((await read('all', '/api/ports')).text).not.toContain('taken');
  });

  test('of a listener all routes are counted, and those are named that may be seen', async () => {
    const path = '/api/explain/Gateway/shop/edge';
    expect(readListener((await read('shop', path)).text)).toEqual([2, ['HTTPRoute/shop/route']]);
    expect(readListener((await read('all', path)).text)).toEqual([
      2,
      ['HTTPRoute/quokka/wombat-route', 'HTTPRoute/shop/route'],
    ]);
  });

  test.each(secrets)('%s is answered like %s', async (there, gone) => {
    const [one, other] = [await read('shop', there), await read('shop', gone)];
    expect(one.status).toBe(404);
    expect(one.text.replace(there.split('/').slice(3).join('/'), gone.split('/').slice(3).join('/'))).toBe(
      other.text,
    );
    expect((await read('all', there)).status).toBe(200);
  });

  test('the stream of events says no more than that there is something new', async () => {
    const headers = { authorization: `Bearer ${tokens.shop}` };
    const stream = await open(running.listener.address.port, '/api/events', { headers });
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await eventually(() => text.includes('event: state'));
    stream.destroy();
    expect(text).not.toMatch(foreign);
  });
});
