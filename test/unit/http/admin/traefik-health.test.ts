import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { TraefikHealth } from '../../../../src/http/admin/traefik-health.ts';
import type { RouteRow } from '../../../../src/model/published.ts';

/** Starts the API of a Traefik; returns its URL and the paths that it was asked for. */
async function startApi(
  answer: RequestListener,
): Promise<{ readonly url: string; readonly paths: string[] }> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: toUrl(server), paths };
}

function toUrl(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const toAnswer =
  (value: unknown): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify(value));
const up = toAnswer({ serverStatus: { 'http://10.0.0.1:80': 'UP' } });
const seenUp = [{ server: 'http://10.0.0.1:80', status: 'UP' }];

function toRoute(service: string, more: Partial<RouteRow> = {}): RouteRow {
  return {
    fleet: 'default',
    protocol: 'http',
    router: 'r',
    rule: '',
    entryPoints: [],
    service,
    servers: [],
    checks: [{ service, active: 'GET /' }],
    middlewares: [],
    tls: false,
    object: 'Service/shop/web',
    source: 'prod',
    ...more,
  };
}

function toHealth(...api: readonly string[]): TraefikHealth {
  return new TraefikHealth({ fleets: [{ name: 'default', api }, { name: 'other' }] });
}

test('each Traefik says of each server whether it is up', async () => {
  const serverStatus = { 'http://10.0.0.2:80': 'DOWN', 'http://10.0.0.1:80': 'UP' };
  const one = await startApi(toAnswer({ serverStatus, status: 'enabled' }));
  const two = await startApi(up);
  const rows = await toHealth(one.url, two.url).of([toRoute('shop_web')]);
  expect(rows).toEqual([
    {
      traefik: one.url,
      service: 'shop_web',
      servers: [...seenUp, { server: 'http://10.0.0.2:80', status: 'DOWN' }],
    },
    { traefik: two.url, service: 'shop_web', servers: seenUp },
  ]);
});

test('the name of a service cannot lead to another path', async () => {
  const { url, paths } = await startApi(up);
  await toHealth(url).of([toRoute('../../x?y=/#z'), toRoute('db', { protocol: 'tcp' })]);
  expect(paths.toSorted()).toEqual([
    '/api/http/services/..%2F..%2Fx%3Fy%3D%2F%23z@http',
    '/api/tcp/services/db@http',
  ]);
});

test('nothing is asked of what is not checked, of UDP, and for fleets without an API', async () => {
  const { url, paths } = await startApi(up);
  const { checks, ...unchecked } = toRoute('unchecked');
  expect(checks).toHaveLength(1);
  const routes = [
    unchecked,
    toRoute('passive', { checks: [{ service: 'passive', passive: 'out after 1 failed request' }] }),
    toRoute('udp', { protocol: 'udp' }),
    toRoute('elsewhere', { fleet: 'other' }),
  ];
  expect(await toHealth(url).of(routes)).toEqual([]);
  expect(paths).toEqual([]);
});

test('at most 20 services are asked for, each once however many routes and users ask', async () => {
  const { url, paths } = await startApi((request, response) => {
    setTimeout(() => up(request, response), 50);
  });
  const health = toHealth(url);
  const routes = Array.from({ length: 60 }, (_, n) => toRoute(`s${n % 30}`));
  const [mine, yours] = await Promise.all([health.of(routes), health.of(routes)]);
  expect(mine).toHaveLength(20);
  expect(yours).toEqual(mine);
  expect(paths).toHaveLength(20);
  await health.of(routes);
  expect(paths).toHaveLength(40);
});

test.each<readonly [string, RequestListener]>([
  ['it has no such service', (_request, response) => response.writeHead(404).end()],
  ['it answered 401', (_request, response) => response.writeHead(401).end()],
  ['it answered 302', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['its answer is no JSON', (_request, response) => response.end('<html>')],
  ['its answer is no service', toAnswer([1])],
  ['its answer is too long', toAnswer({ serverStatus: {}, x: 'x'.repeat(1024 ** 2) })],
  ['it cannot be reached (ECONNRESET)', (request) => request.socket.resetAndDestroy()],
])('of a Traefik that does not answer as it should: %s', async (error, answer) => {
  const { url, paths } = await startApi(answer);
  expect(await toHealth(url).of([toRoute('web')])).toEqual([{ traefik: url, service: 'web', error }]);
  expect(paths).toHaveLength(1);
});

test('a Traefik that does not answer, or stops in the middle, is waited for no longer than said', async () => {
  const silent = await startApi(() => {});
  const stuck = await startApi((_request, response) => response.write('{'));
  const good = await startApi(up);
  const api = [silent.url, stuck.url, good.url];
  const health = new TraefikHealth({ fleets: [{ name: 'default', api }], timeoutMs: 300 });
  const rows = await health.of([toRoute('web')]);
  expect(rows.map((row) => ('error' in row ? row.error : row.servers))).toEqual([
    'no answer within 300 ms',
    'no answer within 300 ms',
    seenUp,
  ]);
});

test('what nobody listens for cannot be reached', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = toUrl(server);
  server.close();
  await once(server, 'close');
  expect(await toHealth(url).of([toRoute('web')])).toMatchObject([
    { error: 'it cannot be reached (ECONNREFUSED)' },
  ]);
});

test('what could harm a terminal, or is no status, is left out', async () => {
  const serverStatus = { 'http://10.0.0.1:80': 'UP', '\u001b[2J': 'UP', 'http://10.0.0.2:80': '\u001b[2J' };
  const { url } = await startApi(toAnswer({ serverStatus }));
  expect(await toHealth(url).of([toRoute('web')])).toMatchObject([{ servers: seenUp }]);
});
