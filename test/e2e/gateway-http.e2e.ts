import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { h2cEcho, httpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask, askStatus, see } from './support/edge-client.ts';
import { toGateway, toRoute, toRule, toService, toText } from './support/gateway.ts';
import { toRouterErrors } from './support/raw-data.ts';
import { startWorld, type World } from './support/world.ts';

// Which requests reach which route of the Gateway API, through a real Traefik: its hosts, its matches and their order.

const cleanup = new Cleanup();
let world: World;

const matches = [
  { path: { type: 'Exact', value: '/exact' } },
  { path: { value: '/prefix' } },
  { path: { type: 'RegularExpression', value: '/v[0-9]+/m' } },
];
const conditions = [
  { method: 'DELETE' },
  { headers: [{ name: 'X-Team', value: 'a' }] },
  { headers: [{ name: 'X-Version', type: 'RegularExpression', value: 'v[12]' }] },
  { queryParams: [{ name: 'team', value: 'a' }] },
];
const [one, two, grpc] = ['one', 'two', 'grpc'].map((name) => [{ name, port: 80 }]);

const objects = [
  ...toGateway(),
  ...toService('one', '10.244.1.17'),
  ...toService('two', '10.244.1.18'),
  ...toService('grpc', '10.244.1.19'),
  toRoute('paths', [{ matches, backendRefs: one }], { hostnames: ['paths.test'] }),
  toRoute('conditions', [{ matches: conditions, backendRefs: one }], { hostnames: ['conditions.test'] }),
  toRoute('wild', [toRule('/', [], 'two')], { hostnames: ['*.wild.test'] }),
  toRoute('named', [toRule('/', [], 'one')], { hostnames: ['a.wild.test'] }),
  toRoute(
    'order',
    [
      toRule('/a', [], 'two'),
      { matches: [{ path: { value: '/a' }, headers: [{ name: 'x', value: '1' }] }], backendRefs: one },
      { matches: [{ path: { type: 'Exact', value: '/a/b' } }], backendRefs: one },
    ],
    { hostnames: ['order.test'] },
  ),
  toRoute('elder', [{ matches: [{ headers: [{ name: 'elder', value: '1' }] }], backendRefs: one }], {
    hostnames: ['ties.test'],
    created: '2026-01-01T00:00:00Z',
  }),
  toRoute('younger', [{ matches: [{ headers: [{ name: 'younger', value: '1' }] }], backendRefs: two }], {
    hostnames: ['ties.test'],
    created: '2026-01-02T00:00:00Z',
  }),
  toRoute(
    'grpc',
    [
      { matches: [{ method: { service: 'shop.Orders', method: 'List' } }], backendRefs: grpc },
      { matches: [{ method: { service: 'shop.Items' } }], backendRefs: grpc },
    ],
    { kind: 'GRPCRoute', hostnames: ['grpc.test'] },
  ),
  toRoute('beside', [toRule('/api', [], 'two')], { hostnames: ['both.test'] }),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'fairlead' },
    spec: { controller: 'fairlead.dev/ingress-controller' },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'beside', namespace: 'shop' },
    spec: {
      ingressClassName: 'fairlead',
      rules: [
        {
          host: 'both.test',
          http: {
            paths: ['/', '/api/v1'].map((path) => ({
              path,
              pathType: 'Prefix',
              backend: { service: { name: 'one', port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  },
];

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      texts: { 'all.yaml': toText(...objects) },
      backends: [
        () => httpEcho('10.244.1.17', 8080),
        () => httpEcho('10.244.1.18', 8080),
        () => h2cEcho('10.244.1.19', 8080),
      ],
    }),
  );
  const data = await world.waitFor(({ routers }) =>
    Object.keys(routers).some((key) => key.includes('both.test')),
  );
  expect(toRouterErrors(data)).toEqual([]);
});
afterAll(() => cleanup.run());

async function find(host: string, path = '/', more: Parameters<typeof ask>[1] = {}): Promise<string> {
  const { status, body } = await ask(host, { path, ...more });
  if (status !== 200) return String(status);
  return /"backend":"10\.244\.1\.(\d+)/.exec(body)?.[1] === '17' ? 'one' : 'two';
}

describe('hosts', () => {
  it.each([
    ['a.wild.test', 'one'],
    ['A.wild.test:80', 'one'],
    ['b.wild.test', 'two'],
    ['c.b.wild.test', 'two'],
    ['b.a.wild.test', 'two'],
    ['wild.test', '404'],
    ['nowild.test', '404'],
  ])('%s', async (host, expected) => {
    expect(await find(host)).toBe(expected);
  });
});

describe('paths', () => {
  it.each([
    ['/exact', 'one'],
    ['/exact/', '404'],
    ['/exact/more', '404'],
    ['/prefix', 'one'],
    ['/prefix/more', 'one'],
    ['/prefixed', '404'],
    ['/v12/m', 'one'],
    ['/x/v12/m', '404'],
    ['/v12/m/y', '404'],
  ])('%s', async (path, expected) => {
    expect(await find('paths.test', path)).toBe(expected);
  });
});

describe('method, headers and query', () => {
  it.each([
    ['nothing', {}, '404'],
    ['the method', { method: 'DELETE' }, 'one'],
    ['another method', { method: 'PUT' }, '404'],
    ['the header', { headers: { 'x-team': 'a' } }, 'one'],
    ['more than the header', { headers: { 'x-team': 'ab' } }, '404'],
    ['what the expression matches', { headers: { 'x-version': 'v2' } }, 'one'],
    ['what has it in it', { headers: { 'x-version': 'v23' } }, '404'],
  ])('%s', async (_, more, expected) => {
    expect(await find('conditions.test', '/', more)).toBe(expected);
  });

  it('has the query parameter, or another one', async () => {
    expect(await find('conditions.test', '/?x=1&team=a')).toBe('one');
    expect(await find('conditions.test', '/?team=b')).toBe('404');
  });
});

describe('the order of matches', () => {
  it('is that of the specification within a route', async () => {
    expect(await find('order.test', '/a/x')).toBe('two');
    expect(await find('order.test', '/a/b')).toBe('one');
    expect(await find('order.test', '/a/x', { headers: { x: '1' } })).toBe('one');
  });

  it('is that of age between routes', async () => {
    expect(await find('ties.test', '/', { headers: { younger: '1', elder: '1' } })).toBe('one');
    expect(await find('ties.test', '/', { headers: { younger: '1' } })).toBe('two');
  });

  it('is one for Ingresses and routes of a host', async () => {
    expect(await find('both.test', '/')).toBe('one');
    expect(await find('both.test', '/api')).toBe('two');
    expect(await find('both.test', '/api/v1/x')).toBe('one');
  });
});

describe('gRPC', () => {
  it('is told by service and method, and spoken as HTTP/2', async () => {
    const echo = await see('grpc.test', { path: '/shop.Orders/List', method: 'POST' });
    expect(echo).toMatchObject({ version: '2.0', path: '/shop.Orders/List' });
    expect(await see('grpc.test', { path: '/shop.Items/Any', method: 'POST' })).toBeDefined();
    expect((await ask('grpc.test', { path: '/shop.Orders/Other' })).status).toBe(404);
    expect(await askStatus('grpc.test')).toBe(404);
  });
});

describe('isolation of listeners', () => {
  it('answers for a host with routes of its listener alone, and with 404 where it has none', async () => {
    const listeners = [
      { name: 'any', port: 80, protocol: 'HTTP' },
      { name: 'wild', port: 80, protocol: 'HTTP', hostname: '*.isolated.test' },
      { name: 'exact', port: 80, protocol: 'HTTP', hostname: 'a.isolated.test' },
    ];
    world.write(
      'all.yaml',
      toText(
        ...toGateway(listeners),
        ...toService('one', '10.244.1.17'),
        ...toService('two', '10.244.1.18'),
        toRoute('any', [toRule('/any', [], 'one')], { sectionName: 'any' }),
        toRoute('wild', [toRule('/wild', [], 'two')], { sectionName: 'wild' }),
      ),
    );
    await world.waitFor(({ routers }) => Object.keys(routers).every((key) => !key.includes('both.test')));
    const answers = ['other.test', 'b.isolated.test', 'a.isolated.test'].map((host) =>
      Promise.all([find(host, '/any'), find(host, '/wild')]),
    );
    expect(await Promise.all(answers)).toEqual([
      ['one', '404'],
      ['404', 'two'],
      ['404', '404'],
    ]);
  });
});
