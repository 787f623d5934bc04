import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { httpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask, askStatus, see } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

// What Fairlead's own annotations about requests and answers come to on a real Traefik, for clients of HTTP.

type Annotations = Readonly<Record<string, string>>;

const backend = '10.244.1.1';
const cleanup = new Cleanup();
let world: World;

function toOwn(annotations: Annotations): Annotations {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [
      key.includes('/') ? key : `fairlead.dev/${key}`,
      value,
    ]),
  );
}

/** A Service that is routed by its annotations; its host is the name before `.example.com`. */
function toService(name: string, annotations: Annotations): string {
  return toManifests({
    namespace: 'shop',
    name,
    annotations: toOwn({ host: `${name}.example.com`, ...annotations }),
    ports: [{ name: 'http', port: 80 }],
    addresses: [backend],
  });
}

/** An Ingress for the host of its name that leads to a Service. */
function toIngress(name: string, service: string, annotations: Annotations, tls = false): string {
  const host = `${name}.example.com`;
  const paths = [
    { path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } },
  ];
  return stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'shop', annotations: toOwn(annotations) },
    spec: {
      ingressClassName: 'fairlead',
      ...(tls && { tls: [{ hosts: [host] }] }),
      rules: [{ host, http: { paths } }],
    },
  });
}

function toSecret(name: string, stringData: Annotations, type = 'Opaque'): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'shop' },
    type,
    stringData,
  });
}

const sha = '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='; // "password"
const bcrypt = '$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC';

function asUser(name: string, password: string): { readonly headers: Annotations } {
  return { headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` } };
}

/** What a browser asks before a request that a page of this origin wants to send. */
const preflight = (origin: string) =>
  ask('cors.example.com', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'X-Request-Id',
    },
  });

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      backends: [() => httpEcho(backend, 80)],
      texts: {
        'users.yaml': toSecret('users', { users: `ann:${sha}\n` }),
        'one.yaml': toSecret(
          'one',
          { username: 'admin', password: 't0p:Secret' },
          'kubernetes.io/basic-auth',
        ),
        'secure.yaml': toService('secure', { tls: 'true', 'redirect-https': 'true' }),
        'clear.yaml': toService('clear', { 'redirect-https': 'true' }),
        'except.yaml': toIngress('except', 'secure', { 'redirect-https': 'false' }, true),
        'headers.yaml': toService('headers', {
          'request-headers': 'X-Tenant: shop\nX-Spoof:\nHost: inside.example.com',
          'response-headers': 'X-Frame-Options: DENY\nContent-Type: text/x-own',
        }),
        'strip.yaml': toService('strip', { 'strip-prefix': '/api,/v1' }),
        'rate.yaml': toService('rate', { 'rate-limit': '2', 'rate-limit-period': '10m' }),
        'unlimited.yaml': toIngress('unlimited', 'rate', { 'rate-limit': '0' }),
        'cors.yaml': toService('cors', {
          'cors-allow-origins': 'https://a.example.com, https://*.example.org',
          'cors-allow-methods': 'GET, PUT',
          'cors-allow-headers': 'X-Request-Id',
          'cors-expose-headers': 'X-Answer',
          'cors-allow-credentials': 'true',
          'cors-max-age': '600',
          'basic-auth': 'users',
        }),
        'auth.yaml': toService('auth', { 'basic-auth': 'users', 'basic-auth-realm': 'Staff only' }),
        'single.yaml': toService('single', { 'basic-auth': 'one' }),
        'late.yaml': toService('late', { 'basic-auth': 'late' }),
      },
    }),
  );
  await world.waitFor(({ routers }) => 'shop_late_service_late.example.com_~root@http' in routers);
});
afterAll(() => cleanup.run());

describe('redirect-https', () => {
  it('sends clients to HTTPS where the host has TLS, and not in circles', async () => {
    const { status, headers } = await ask('secure.example.com', { path: '/a?b=c' });
    expect([status, headers.location]).toEqual([301, 'https://secure.example.com/a?b=c']);
    expect((await ask('secure.example.com', { method: 'POST' })).status).toBe(308);
    expect((await see('secure.example.com', { tls: true })).path).toBe('/');
  });

  it('leaves clients where the host has none, and says so', async () => {
    expect(await askStatus('clear.example.com')).toBe(200);
    expect(await listCodes('Service/shop/clear')).toEqual(['annotation-without-effect']);
  });

  it('is off for an Ingress that says so, whatever the Service says', async () => {
    expect(await askStatus('except.example.com')).toBe(200);
    expect((await see('except.example.com', { tls: true })).path).toBe('/');
  });
});

describe('headers', () => {
  it('are set and removed in requests and answers', async () => {
    const spoofed = { 'x-tenant': 'other', 'x-spoof': 'root' };
    const seen = await see('headers.example.com', { headers: spoofed });
    expect(seen.headers).toMatchObject({ 'x-tenant': 'shop' });
    expect(seen.headers).not.toHaveProperty('x-spoof');
    expect(seen.host).toBe('inside.example.com');
    const { headers } = await ask('headers.example.com');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['content-type']).toBe('text/x-own');
  });
});

describe('strip-prefix', () => {
  it.each([
    ['/api/orders?a=b', '/orders?a=b', '/api'],
    ['/v1', '/', '/v1'],
    ['/orders', '/orders', undefined],
  ])('makes of %s %s', async (path, seenPath, prefix) => {
    const seen = await see('strip.example.com', { path });
    expect([seen.path, seen.headers['x-forwarded-prefix']]).toEqual([seenPath, prefix]);
  });
});

describe('rate-limit', () => {
  it('answers 429 to a client that sends too many, and to nobody else', async () => {
    // What was applied last resets the limit: as long as nothing changes, two requests are let through.
    const answers = await eventually('the limit', 10_000, async () => {
      const statuses: number[] = [];
      for (let count = 0; count < 4; count += 1)
        statuses.push((await ask('rate.example.com', { from: '203.0.113.50' })).status);
      return statuses.at(-1) === 429 ? statuses : undefined;
    });
    expect(new Set([...answers, 200])).toEqual(new Set([200, 429]));
    expect((await ask('rate.example.com', { from: '203.0.113.51' })).status).toBe(200);
  });

  it('is off for an Ingress that says 0', async () => {
    for (let count = 0; count < 5; count += 1) expect(await askStatus('unlimited.example.com')).toBe(200);
  });
});

describe('cors', () => {
  it.each(['https://a.example.com', 'https://b.example.org'])(
    'answers a preflight of %s, before the password',
    async (origin) => {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET,PUT',
        'access-control-allow-headers': 'X-Request-Id',
        'access-control-allow-credentials': 'true',
        'access-control-max-age': '600',
      });
    },
  );

  it('allows nothing to others', async () => {
    for (const origin of ['https://evil.example.com', 'https://a.b.example.org', 'null'])
      expect((await preflight(origin)).headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('says in answers and in refusals who may read them', async () => {
    const origin = { origin: 'https://a.example.com' };
    const refused = await ask('cors.example.com', { headers: origin });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, origin.origin]);
    const letIn = await ask('cors.example.com', {
      headers: { ...origin, ...asUser('ann', 'password').headers },
    });
    expect(letIn.status).toBe(200);
    expect(letIn.headers).toMatchObject({ 'access-control-expose-headers': 'X-Answer', vary: 'Origin' });
  });
});

describe('basic-auth', () => {
  it('asks for the password of a user in the Secret', async () => {
    const { status, headers } = await ask('auth.example.com');
    expect([status, headers['www-authenticate']]).toEqual([401, 'Basic realm="Staff only"']);
    expect((await ask('auth.example.com', asUser('ann', 'wrong'))).status).toBe(401);
    expect((await ask('auth.example.com', asUser('ann', 'password'))).status).toBe(200);
  });

  it('takes the user of a Secret of type kubernetes.io/basic-auth', async () => {
    expect((await ask('single.example.com', asUser('admin', 't0p:Secret'))).status).toBe(200);
    expect((await ask('single.example.com', asUser('admin', 't0p'))).status).toBe(401);
  });

  it('answers 503 while the Secret is missing, empty, or has nobody who can come in', async () => {
    const ann = asUser('ann', 'password');
    expect((await ask('late.example.com', ann)).status).toBe(503);
    world.write('late-secret.yaml', toSecret('late', { users: `ann:${sha}` }));
    await eventually(
      'the user comes in',
      10_000,
      async () => (await ask('late.example.com', ann)).status === 200,
    );
    for (const users of ['', 'ann:$6$salt$abcdefghijklmnop', `ann ${bcrypt}`]) {
      world.write('late-secret.yaml', toSecret('late', { users }));
      await eventually(
        'it is closed',
        10_000,
        async () => (await ask('late.example.com', ann)).status === 503,
      );
      world.write('late-secret.yaml', toSecret('late', { users: `ann:${sha}` }));
      await eventually(
        'it is open again',
        10_000,
        async () => (await ask('late.example.com', ann)).status === 200,
      );
    }
    world.remove('late-secret.yaml');
    await eventually('it is closed', 10_000, async () => (await ask('late.example.com', ann)).status === 503);
  });
});

describe('a hostile tenant', () => {
  const long = 'x'.repeat(20_000);
  it.each<[string, Annotations, number]>([
    [
      'ten thousand headers',
      { 'request-headers': Array.from({ length: 10_000 }, (_, at) => `X-${at}: a`).join('\n') },
      503,
    ],
    ['the longest text', { 'response-headers': `X-A: ${long}` }, 503],
    ['a header of connections', { 'request-headers': 'Connection: X-Forwarded-For' }, 503],
    ['a broken line', { 'response-headers': 'X-A: b\rSet-Cookie: c' }, 503],
    ['a list of nothing', { 'cors-allow-origins': ',' }, 503],
    ['a huge rate', { 'rate-limit': '99999999999999999999' }, 503],
    ['a rate of nothing', { 'rate-limit': '5', 'rate-limit-period': '0s' }, 503],
    ['the Secret of another', { 'basic-auth': 'bank/users' }, 503],
    ['an empty list of prefixes', { 'strip-prefix': ',' }, 200],
    ['cookies for everybody', { 'cors-allow-origins': '*', 'cors-allow-credentials': 'true' }, 200],
    [
      'the largest rate',
      { 'rate-limit': '1000000', 'rate-limit-burst': '1000000', 'rate-limit-period': '24h' },
      200,
    ],
  ])('gets nothing open and nothing dropped with %s', async (name, annotations, status) => {
    const host = name.replaceAll(/[^a-z]/g, '-');
    world.write(`hostile-${host}.yaml`, toService(host, annotations));
    await eventually(`${status}`, 10_000, async () => (await askStatus(`${host}.example.com`)) === status);
    expect(await listCodes(`Service/shop/${host}`)).toHaveLength(name === 'the largest rate' ? 0 : 1);
    expect(await askStatus('clear.example.com')).toBe(200);
  });
});

async function listCodes(object: string): Promise<readonly string[]> {
  const problems = z
    .array(z.object({ code: z.string(), object: z.string() }))
    .parse(await world.admin('/api/problems'));
  return problems.filter((problem) => problem.object === object).map(({ code }) => code);
}
