import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpEcho, type HttpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask, askStatus, see } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { toBackendRef, toGateway, toRoute, toRule, toService, toText } from './support/gateway.ts';
import { toRouterErrors } from './support/raw-data.ts';
import { startWorld } from './support/world.ts';

// What the filters of routes do to real requests.

const cleanup = new Cleanup();
let mirror: HttpEcho;
let main: HttpEcho;

const host = 'filters.test';

const toFilter = (type: string, values: object): Record<string, unknown> => ({
  type,
  [type.charAt(0).toLowerCase() + type.slice(1)]: values,
});
const redirect = (values: object): Record<string, unknown> => toFilter('RequestRedirect', values);
const rewrite = (values: object): Record<string, unknown> => ({ type: 'URLRewrite', urlRewrite: values });
const cors = (values: object): Record<string, unknown> => ({ type: 'CORS', cors: values });
const copies = (values: object): Record<string, unknown> =>
  toFilter('RequestMirror', { backendRef: toBackendRef('mirror'), ...values });
const prefix = (replacePrefixMatch: string): object => ({
  path: { type: 'ReplacePrefixMatch', replacePrefixMatch },
});

const rules = [
  toRule(
    '/headers',
    [
      toFilter('RequestHeaderModifier', {
        set: [
          { name: 'X-Set', value: 'new' },
          { name: 'Host', value: 'inner.test' },
        ],
        remove: ['X-Remove'],
      }),
      toFilter('ResponseHeaderModifier', {
        set: [{ name: 'X-Answer', value: 'set' }],
        remove: ['Content-Type'],
      }),
    ],
    'main',
  ),
  toRule('/add', [toFilter('RequestHeaderModifier', { add: [{ name: 'X-Add', value: 'b' }] })], 'main'),
  toRule('/to-host', [redirect({ hostname: 'b.test' })]),
  toRule('/to-scheme', [redirect({ scheme: 'https', statusCode: 301 })]),
  toRule('/to-port', [redirect({ port: 8443 })]),
  toRule('/to/prefix', [redirect(prefix('/new'))]),
  toRule('/to-root', [redirect(prefix('/'))]),
  toRule('/to-full', [redirect({ path: { type: 'ReplaceFullPath', replaceFullPath: '/full' } })]),
  toRule('/permanent', [redirect({ hostname: 'b.test', statusCode: 308 })]),
  toRule('/told', [
    redirect({ hostname: 'b.test' }),
    toFilter('ResponseHeaderModifier', { set: [{ name: 'X-Told', value: 'b' }] }),
  ]),
  toRule('/host', [rewrite({ hostname: 'inner.test' })], 'main'),
  toRule('/re/write', [rewrite(prefix('/new'))], 'main'),
  toRule('/root', [rewrite(prefix('/'))], 'main'),
  toRule('/full', [rewrite({ path: { type: 'ReplaceFullPath', replaceFullPath: '/whole' } })], 'main'),
  toRule('/cors', [cors({ allowOrigins: ['https://*.foo.com'], allowMethods: ['GET'], maxAge: 9 })], 'main'),
  toRule('/copied', [copies({})], 'main'),
];
// An object has at most sixteen rules.
const more = [
  toRule('/some', [copies({ fraction: { numerator: 1, denominator: 8 } })], 'main'),
  toRule(
    '/ext',
    [{ type: 'ExtensionRef', extensionRef: { group: 'traefik.io', kind: 'Middleware', name: 'auth' } }],
    'main',
  ),
  toRule('/unknown', [{ type: 'ExternalAuth', externalAuth: {} }], 'main'),
  { ...toRule('/slow', [], 'slow'), timeouts: { request: '300ms' } },
  {
    ...toRule('/again', [], 'failing'),
    retry: { codes: [503], attempts: 2, backoff: '10ms' },
  },
  {
    ...toRule('/session', [], 'main', 'mirror'),
    sessionPersistence: { sessionName: 'at' },
  },
];

let slow: HttpEcho;
let failing: HttpEcho;

beforeAll(async () => {
  const world = cleanup.keep(
    await startWorld({
      texts: {
        'all.yaml': toText(
          ...toGateway(),
          ...toService('main', '10.244.1.17'),
          ...toService('mirror', '10.244.1.18'),
          ...toService('slow', '10.244.1.19'),
          ...toService('failing', '10.244.1.20'),
          toRoute('one', rules, { hostnames: [host] }),
          toRoute('two', more, { hostnames: [host] }),
        ),
      },
    }),
  );
  main = world.keep(await httpEcho('10.244.1.17', 8080));
  mirror = world.keep(await httpEcho('10.244.1.18', 8080));
  slow = world.keep(await httpEcho('10.244.1.19', 8080));
  failing = world.keep(await httpEcho('10.244.1.20', 8080));
  await slow.behave({ kind: 'slow', ms: 2_000 });
  await failing.behave({ kind: 'fail', status: 503 });
  const data = await world.waitFor(({ routers }) => Object.keys(routers).some((key) => key.includes(host)));
  expect(toRouterErrors(data)).toEqual([]);
});
afterAll(() => cleanup.run());

describe('headers', () => {
  it('are set and removed on the way to the backend and back', async () => {
    const sent = { 'x-set': 'old', 'x-remove': 'x', 'x-other': 'y' };
    const { headers, body } = await ask(host, { path: '/headers', headers: sent });
    expect(headers).toMatchObject({ 'x-answer': 'set' });
    expect(headers['content-type']).not.toBe('application/json');
    const echo = JSON.parse(body) as { host: string; headers: Record<string, string> };
    expect(echo.host).toBe('inner.test');
    expect(echo.headers).toMatchObject({ 'x-set': 'new', 'x-other': 'y' });
    expect(echo.headers['x-remove']).toBeUndefined();
  });

  it('cannot be added without the plugin: nothing but 500 is answered', async () => {
    expect((await ask(host, { path: '/add', headers: { 'x-add': 'a' } })).status).toBe(500);
  });
});

describe('redirects', () => {
  it.each([
    ['/to-host/x?q=1', 302, 'http://b.test/to-host/x?q=1'],
    ['/to-scheme', 301, 'https://filters.test/to-scheme'],
    ['/to-port?q', 302, 'http://filters.test:8443/to-port?q'],
    ['/to/prefix/a%2Fb?q=1', 302, 'http://filters.test/new/a%2Fb?q=1'],
    ['/t%6f/prefix/x', 302, 'http://filters.test/new/x'],
    ['/to/prefix', 302, 'http://filters.test/new'],
    ['/to-root/x', 302, 'http://filters.test/x'],
    ['/to-root', 302, 'http://filters.test/'],
    ['/to-full/x?q=1', 302, 'http://filters.test/full?q=1'],
  ])('%s', async (path, status, location) => {
    const answer = await ask(host, { path });
    expect([answer.status, answer.headers.location]).toEqual([status, location]);
  });

  it('have the headers that the rule sets', async () => {
    expect((await ask(host, { path: '/told' })).headers).toMatchObject({ 'x-told': 'b' });
  });

  it('have no other status than asked for', async () => {
    expect((await ask(host, { path: '/permanent' })).status).toBe(500);
  });
});

describe('rewrites', () => {
  it.each([
    ['/re/write/x?q=1', '/new/x?q=1'],
    ['/re/write', '/new'],
    ['/re/write/', '/new/'],
    ['/re/write/a%2Fb', '/new/a%2Fb'],
    ['/r%65/write/x', '/new/x'],
    ['/root/x', '/x'],
    ['/root', '/'],
    ['/full/x?q=1', '/whole?q=1'],
  ])('%s', async (path, expected) => {
    const echo = await see(host, { path });
    expect(echo.path).toBe(expected);
    expect(Object.keys(echo.headers)).not.toContain('x-replaced-path');
  });

  it('give the backend another host', async () => {
    expect((await see(host, { path: '/host' })).host).toBe('inner.test');
  });
});

function preflight(origin: string): ReturnType<typeof ask> {
  return ask(host, {
    path: '/cors',
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET' },
  });
}

it('lets scripts of the allowed origins read answers, and no others', async () => {
  const allowed = 'https://a.b.foo.com';
  expect((await preflight(allowed)).headers).toMatchObject({
    'access-control-allow-origin': allowed,
    'access-control-allow-methods': 'GET',
    'access-control-max-age': '9',
  });
  for (const origin of ['https://foo.com', 'https://a.foo.com.evil.test', 'http://a.foo.com'])
    expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
});

describe('mirrors', () => {
  it('get a copy of each request', async () => {
    const before = mirror.hits;
    await see(host, { path: '/copied/x' });
    await eventually('the copy', 5_000, () => Promise.resolve(mirror.hits === before + 1));
    expect(mirror.requests.at(-1)).toMatchObject({ path: '/copied/x', host });
  });

  it('get a fraction of them', async () => {
    const [before, ofMain] = [mirror.hits, main.hits];
    for (let n = 0; n < 40; n++) await see(host, { path: '/some' });
    await eventually('the copies', 5_000, () => Promise.resolve(mirror.hits === before + 5));
    expect(main.hits - ofMain).toBe(40);
  });
});

describe('what cannot be carried out', () => {
  it.each(['/ext', '/unknown'])('answers 500: %s', async (path) => {
    const before = main.hits;
    expect((await ask(host, { path })).status).toBe(500);
    expect(main.hits).toBe(before);
  });
});

it('gives up on an answer after the time-out', async () => {
  const started = Date.now();
  expect((await ask(host, { path: '/slow' })).status).toBe(504);
  expect(Date.now() - started).toBeLessThan(1_900);
});

it('tries again, as often as it is asked to', async () => {
  expect((await ask(host, { path: '/again' })).status).toBe(503);
  expect(failing.hits).toBe(3);
});

it('keeps a client at its backend', async () => {
  const { headers } = await ask(host, { path: '/session' });
  const cookie = [headers['set-cookie'] ?? []].flat().map((each) => each.split(';')[0]);
  expect(cookie.some((each) => each?.startsWith('at='))).toBe(true);
  const servers = new Set<string>();
  for (let n = 0; n < 10; n++)
    servers.add((await see(host, { path: '/session', headers: { cookie: cookie.join('; ') } })).backend);
  expect(servers.size).toBe(1);
});

it('answers 404 for what no rule matches', async () => {
  expect(await askStatus(host)).toBe(404);
});
