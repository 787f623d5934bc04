import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpEcho, httpsEcho, type HttpEcho } from './support/backends.ts';
import { certificates } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask, askStatus, see } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { toGateway, toRoute, toRule, toService, toText } from './support/gateway.ts';
import { startWorld, type World } from './support/world.ts';

// Where the requests of routes go: shares, what leads to nothing, grants, and TLS towards backends.

const cleanup = new Cleanup();
let world: World;
let secure: HttpEcho;
let plain: HttpEcho;

const host = 'backends.test';
const setHeader = {
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'X-Of', value: 'one' }] },
};

const grant = {
  apiVersion: 'gateway.networking.k8s.io/v1beta1',
  kind: 'ReferenceGrant',
  metadata: { name: 'shop', namespace: 'other' },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }],
    to: [{ group: '', kind: 'Service' }],
  },
};

const toPolicy = (service: string, validation: object): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'BackendTLSPolicy',
  metadata: { name: service, namespace: 'shop' },
  spec: { targetRefs: [{ group: '', kind: 'Service', name: service }], validation },
});
const toAuthority = (name: string, certificate: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data: { 'ca.crt': certificate },
});
const caOf = (name: string): object => ({
  caCertificateRefs: [{ group: '', kind: 'ConfigMap', name }],
  hostname: 'unrelated.example.org',
});

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      texts: {
        'grant.yaml': toText(grant),
        'all.yaml': toText(
          ...toGateway(),
          ...toService('one', '10.244.1.17'),
          ...toService('two', '10.244.1.18'),
          ...toService('idle'),
          ...toService('far', '10.244.1.17', { namespace: 'other' }),
          ...toService('trusted', '10.244.1.19'),
          ...toService('foreign', '10.244.1.19'),
          ...toService('unchecked', '10.244.1.20'),
          toAuthority('ca', certificates.unrelated.cert),
          toAuthority('other-ca', certificates.bbsTestCom.cert),
          toPolicy('trusted', caOf('ca')),
          toPolicy('foreign', caOf('other-ca')),
          toPolicy('unchecked', caOf('nowhere')),
          toRoute(
            'all',
            [
              toRule('/split', [], { name: 'one', weight: 3 }, { name: 'two', weight: 1 }),
              toRule('/half', [], 'one', 'missing'),
              toRule('/none', []),
              toRule('/zero', [], { name: 'one', weight: 0 }),
              toRule('/idle', [], 'idle'),
              toRule('/far', [], { name: 'far', namespace: 'other' }),
              toRule('/filtered', [], { name: 'one', filters: [setHeader] }, 'two'),
              toRule('/trusted', [], 'trusted'),
              toRule('/foreign', [], 'foreign'),
              toRule('/unchecked', [], 'unchecked'),
            ],
            { hostnames: [host] },
          ),
        ),
      },
      backends: [() => httpEcho('10.244.1.17', 8080), () => httpEcho('10.244.1.18', 8080)],
    }),
  );
  secure = world.keep(await httpsEcho('10.244.1.19', 8080));
  plain = world.keep(await httpEcho('10.244.1.20', 8080));
  await eventually('the routes', 15_000, () => see(host, { path: '/split' }));
});
afterAll(() => cleanup.run());

async function askStatuses(path: string, count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) statuses.push((await ask(host, { path })).status);
  return statuses.sort((a, b) => a - b);
}

describe('shares', () => {
  it('go by weight', async () => {
    const servers: string[] = [];
    for (let n = 0; n < 40; n++) servers.push((await see(host, { path: '/split' })).backend);
    expect(servers.filter((server) => server === '10.244.1.17:8080')).toHaveLength(30);
  });

  it('are answered 500 where they lead to nothing', async () => {
    expect(await askStatuses('/half', 4)).toEqual([200, 200, 500, 500]);
    expect(await askStatuses('/none', 1)).toEqual([500]);
  });

  it('are answered 503 where nothing is ready, or nothing is wanted', async () => {
    expect(await askStatuses('/idle', 1)).toEqual([503]);
    expect(await askStatuses('/zero', 1)).toEqual([503]);
  });

  it('have filters of their own', async () => {
    const headers = new Set<string>();
    for (let n = 0; n < 4; n++) {
      const { backend, headers: seen } = await see(host, { path: '/filtered' });
      headers.add(`${backend} ${String(seen['x-of'])}`);
    }
    expect([...headers].sort()).toEqual(['10.244.1.17:8080 one', '10.244.1.18:8080 undefined']);
  });
});

it('leads to another namespace as long as that lets it', async () => {
  expect((await ask(host, { path: '/far' })).status).toBe(200);
  world.remove('grant.yaml');
  await eventually(
    'the grant is gone',
    5_000,
    async () => (await ask(host, { path: '/far' })).status === 500,
  );
  world.write('grant.yaml', toText(grant));
  await eventually('it is back', 5_000, async () => (await ask(host, { path: '/far' })).status === 200);
});

describe('TLS towards backends', () => {
  it('is spoken as the policy says', async () => {
    expect(await see(host, { path: '/trusted' })).toMatchObject({ backend: '10.244.1.19:8080' });
  });

  it('is not spoken with whom the policy does not trust', async () => {
    const before = secure.hits;
    expect((await ask(host, { path: '/foreign' })).status).toBeGreaterThanOrEqual(500);
    expect(secure.hits).toBe(before);
  });

  it('is not left out where the policy cannot be carried out', async () => {
    expect((await ask(host, { path: '/unchecked' })).status).toBe(500);
    expect(plain.hits).toBe(0);
  });
});

it('answers 404 for what no rule matches', async () => {
  expect(await askStatus(host)).toBe(404);
});
