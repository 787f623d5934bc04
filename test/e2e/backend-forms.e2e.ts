import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBytesProvider, type BytesProvider } from '../golden/support/bytes-provider.ts';
import { unavailable, type HttpBackend } from '../../src/routes/backend.ts';
import type { HttpMatch } from '../../src/routes/match.ts';
import { Fragments } from '../../src/render/fragments.ts';
import { renderUnit, toRenderContexts } from '../../src/render/render-unit.ts';
import { settledRoute, toLeaf, toTestSettings } from '../unit/render/intents.ts';
import { httpEcho, toEcho, type HttpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { toRouterErrors } from './support/raw-data.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';

// What the tree of backends and the matches of the route model come to in a real Traefik.

const cleanup = new Cleanup();
const contexts = toRenderContexts(toTestSettings());
let provider: BytesProvider;
let traefik: Traefik;
let one: HttpEcho;
let two: HttpEcho;

beforeAll(async () => {
  requirePrivateNetwork();
  provider = cleanup.keep(await startBytesProvider());
  one = cleanup.keep(await httpEcho('10.244.1.1', 8080));
  two = cleanup.keep(await httpEcho('10.244.1.2', 8080));
  const entryPoints = { web: { address: '127.0.0.1:80' }, websecure: { address: '127.0.0.1:443' } };
  const staticConfig = JSON.stringify({ providers: provider.providers, entryPoints });
  traefik = cleanup.keep(await startTraefik({ staticConfig }));
});
afterAll(() => cleanup.run());

const first = toLeaf('ns_one_80', {}, [{ hosts: ['10.244.1.1'], port: 8080, weight: 1 }]);
const second = toLeaf('ns_two_80', {}, [{ hosts: ['10.244.1.2'], port: 8080, weight: 1 }]);
const probe = { path: '/', interval: '100ms', timeout: '100ms' };
let count = 0;

/** Serves routes of hosts of their own, and waits until Traefik has them. Returns the host of the first. */
async function serve(
  ...routes: readonly { match?: Partial<HttpMatch>; backend: HttpBackend }[]
): Promise<string> {
  const hostName = `h${count++}.test`;
  const settled = routes.map(({ match, backend }) => settledRoute({ hostName, ...match, backend }));
  const { fragments, problems } = renderUnit(contexts, settled);
  expect(problems).toEqual([]);
  const document = new Fragments();
  document.replace('test', fragments.get('default')?.get(0) ?? []);
  provider.serve(document.toBody());
  const data = await traefik.waitFor(({ routers }) =>
    Object.keys(routers).some((key) => key.includes(hostName)),
  );
  expect(toRouterErrors(data)).toEqual([]);
  return hostName;
}

async function askServer(host: string): Promise<string> {
  const { status, body } = await ask(host);
  return status === 200 ? toEcho(body).backend : String(status);
}

describe('a tree of backends', () => {
  it('gives each branch its share; that of a branch without servers is lost', async () => {
    const branches = [
      { backend: first, weight: 3 },
      { backend: second, weight: 1 },
    ];
    const host = await serve({ backend: { kind: 'weighted', key: 'ns_split_80', branches } });
    const servers = [];
    for (let n = 0; n < 40; n++) servers.push(await askServer(host));
    expect(servers.filter((server) => server === '10.244.1.1:8080')).toHaveLength(30);
    const half = [...branches.slice(0, 1), { backend: unavailable, weight: 3 }];
    const broken = await serve({ backend: { kind: 'weighted', key: 'ns_half_80', branches: half } });
    const answers = [];
    for (let n = 0; n < 20; n++) answers.push(await askServer(broken));
    expect(answers.filter((answer) => answer === '503')).toHaveLength(10);
  });

  it('fails over to another branch, and back', async () => {
    const main = toLeaf('ns_main_80', { ...first.value, healthCheck: probe }, first.servers);
    const host = await serve({ backend: { kind: 'failover', key: 'ns_over_80', main, fallback: second } });
    await eventually(
      'the main branch serves',
      5_000,
      async () => (await askServer(host)) === '10.244.1.1:8080',
    );
    await one.stop();
    await eventually('the fallback serves', 5_000, async () => (await askServer(host)) === '10.244.1.2:8080');
    one = cleanup.keep(await httpEcho('10.244.1.1', 8080));
    await eventually(
      'the main branch is back',
      5_000,
      async () => (await askServer(host)) === '10.244.1.1:8080',
    );
  });

  it('mirrors a part of the requests', async () => {
    const mirrors = [{ backend: second, percent: 50 }];
    const host = await serve({
      backend: { kind: 'mirroring', key: 'ns_mirror_80', main: first, mirrors, maxBodyBytes: 1024 },
    });
    const before = two.hits;
    for (let n = 0; n < 20; n++) expect(await askServer(host)).toBe('10.244.1.1:8080');
    await eventually('the mirror has its half', 5_000, () => two.hits - before === 10);
  });

  it('answers a fixed status', async () => {
    const missing = await serve({ backend: unavailable });
    expect(await askServer(missing)).toBe('503');
    const wrong = await serve({ backend: { kind: 'status', status: 500 } });
    expect(await askServer(wrong)).toBe('500');
    const nowhere = await serve({ backend: { kind: 'status', status: 404 } });
    expect(await askServer(nowhere)).toBe('404');
  });
});

describe('the matches of a route', () => {
  it('go before each other by host, path, method, headers and query', async () => {
    const path = { type: 'Prefix', value: '/' } as const;
    const header = { type: 'Exact', name: 'X-Team', value: 'a' } as const;
    const host = await serve(
      { match: { path }, backend: toLeaf('ns_any_80', first.value, first.servers) },
      { match: { path: { type: 'Regex', value: '/v[0-9]+' } }, backend: second },
      { match: { path, method: 'POST' }, backend: second },
      { match: { path, headers: [header] }, backend: second },
      { match: { path, query: [{ type: 'Regex', name: 'q', value: 'a+' }] }, backend: second },
      { match: { path: { type: 'PlainPrefix', value: '/pre' } }, backend: second },
    );
    const server = async (more: Parameters<typeof ask>[1]): Promise<string> =>
      toEcho((await ask(host, more)).body).backend;
    for (const more of [{}, { path: '/v1/x' }, { path: '/?q=ab' }, { headers: { 'x-team': 'ab' } }])
      expect(await server(more), JSON.stringify(more)).toBe('10.244.1.1:8080');
    for (const more of [
      { path: '/v12' },
      { method: 'POST' },
      { headers: { 'x-team': 'a' } },
      { path: '/?q=aa' },
      { path: '/prefix' },
    ])
      expect(await server(more), JSON.stringify(more)).toBe('10.244.1.2:8080');
  });

  it('take hosts of any depth below a domain', async () => {
    await serve(
      { match: { host: { kind: 'wildcard', suffix: 'deep.test', labels: 'many' } }, backend: first },
      { backend: second },
    );
    expect(await askServer('a.b.deep.test')).toBe('10.244.1.1:8080');
    expect(await askServer('deep.test')).toBe('404');
  });
});
