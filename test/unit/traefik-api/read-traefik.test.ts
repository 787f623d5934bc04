import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { describeApiError } from '../../../src/traefik-api/ask-api.ts';
import { findTargets, toTargetName } from '../../../src/traefik-api/find-targets.ts';
import { readTraefik } from '../../../src/traefik-api/read-traefik.ts';

const timeoutMs = 1_000;
const none = { routers: { warnings: 0, errors: 0 } };

/** The API of a Traefik, as far as it is asked; returns its URL and what it was asked. */
async function startApi(answers: Readonly<Record<string, unknown>>) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    paths.push(request.url ?? '');
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end();
    else if (Array.isArray(answer) && query.includes('per_page')) {
      const page = Number(new URLSearchParams(query).get('page'));
      response.setHeader('X-Next-Page', page < answer.length ? page + 1 : 1);
      response.end(JSON.stringify(answer[page - 1]));
    } else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return { target: { url, timeoutMs }, paths };
}

const sound = {
  '/api/version': { Version: '3.7.1', startDate: '2026-01-01T00:00:00Z' },
  '/api/overview': { http: none, tcp: none, udp: none },
  '/api/entrypoints': [
    [{ name: 'web', address: ':80', asDefault: true }],
    [{ name: 'tcp-1', address: ':1/tcp' }],
  ],
};

it('reads all pages of the entryPoints, and not again while it is the same process', async () => {
  const { target, paths } = await startApi(sound);
  const seen = await readTraefik(target, null);
  expect(seen).toEqual({
    version: '3.7.1',
    startedAt: '2026-01-01T00:00:00Z',
    revision: null,
    entryPoints: [
      { name: 'web', address: ':80', asDefault: true },
      { name: 'tcp-1', address: ':1/tcp', asDefault: false },
    ],
    faults: [],
  });
  paths.length = 0;
  expect(await readTraefik(target, seen)).toEqual(seen);
  expect(paths).toEqual(['/api/version', '/api/http/middlewares/revision@http', '/api/overview']);
});

const toPage = (page: number) =>
  Array.from({ length: 100 }, (_, index) => ({
    name: `shop_${page}-${index}@http`,
    provider: index === 0 ? 'file' : 'http',
    entryPoints: null,
    error: ['a\nb\u0000c', 'd', 'e', 'f'],
  }));

it('reads the routers of Fairlead that are not well, so many at the most, each reason in one line', async () => {
  const { target } = await startApi({
    ...sound,
    '/api/overview': { http: none, tcp: { routers: { warnings: 0, errors: 500 } }, udp: none },
    '/api/tcp/routers': [toPage(1), toPage(2), toPage(3), toPage(4)],
  });
  const { faults } = await readTraefik(target, null);
  expect(faults).toHaveLength(198);
  expect(faults[0]).toEqual({
    protocol: 'tcp',
    router: 'shop_1-1',
    status: 'disabled',
    entryPoints: [],
    errors: ['a b c', 'd', 'e'],
  });
});

it.each([
  ['its answer is no JSON', { '/api/version': '<html>' }],
  ['its answer is not that of a Traefik', { '/api/version': { version: 1 } }],
  ['its answer is not that of a Traefik', {}],
  ['its answer is too long', { '/api/version': 'x'.repeat(1024 ** 2 + 1) }],
])('says what is wrong with who answers: %s', async (why, answers) => {
  const { target } = await startApi(answers);
  const error: unknown = await readTraefik(target, null).catch((thrown: unknown) => thrown);
  expect(describeApiError(error, timeoutMs)).toBe(why);
});

it('says that nobody answers', async () => {
  const target = { url: 'http://127.0.0.1:1', timeoutMs };
  const error: unknown = await readTraefik(target, null).catch((thrown: unknown) => thrown);
  expect(describeApiError(error, timeoutMs)).toBe('it cannot be reached (ECONNREFUSED)');
});

it('takes an address as one Traefik, and so a name that nobody knows', async () => {
  for (const url of ['http://127.0.0.1:8080', 'http://[::1]:8080', 'http://nobody.invalid:8080']) {
    const targets = await findTargets(url, timeoutMs);
    expect(targets).toEqual([{ url, timeoutMs }]);
    expect(targets.map(toTargetName)).toEqual([url]);
  }
  expect(toTargetName({ url: 'http://t:1', address: '10.0.0.1' })).toBe('http://t:1 (10.0.0.1)');
});
