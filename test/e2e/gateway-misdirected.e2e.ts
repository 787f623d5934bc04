import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpEcho } from './support/backends.ts';
import { certificates } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask } from './support/edge-client.ts';
import { toGateway, toRoute, toRule, toService, toText } from './support/gateway.ts';
import { toRouterErrors } from './support/raw-data.ts';
import { startWorld, type World } from './support/world.ts';

// Requests that come on a TLS connection for another listener, through a real Traefik: it answers them 421.

const cleanup = new Cleanup();
let world: World;

const toListener = (name: string, hostname?: string): Readonly<Record<string, unknown>> => ({
  name,
  port: 443,
  protocol: 'HTTPS',
  ...(hostname !== undefined && { hostname }),
  tls: { certificateRefs: [{ name: 'cert' }] },
});

const { cert, key } = certificates.wildcardTestCom;
const [, gateway] = toGateway([toListener('only', '*.test.com')]);
const objects = [
  ...toGateway([
    toListener('any'),
    toListener('exact', 'second.test.com'),
    toListener('wide', '*.test.com'),
    // As long as the name of the wildcard.
    toListener('short', 'a.test.com'),
  ]),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cert', namespace: 'shop' },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  },
  ...toService('one', '10.244.1.17'),
  toRoute('any', [toRule('/x', [], 'one')], { sectionName: 'any', hostnames: ['example.org'] }),
  toRoute('exact', [toRule('/x', [], 'one')], { sectionName: 'exact' }),
  toRoute('wide', [toRule('/x', [], 'one')], { sectionName: 'wide' }),
  toRoute('named', [toRule('/x', [], 'one')], { sectionName: 'wide', hostnames: ['b.test.com'] }),
  toRoute('short', [toRule('/x', [], 'one')], { sectionName: 'short' }),
  // Another Gateway with one listener, for hosts that the first has TLS options for.
  { ...gateway, metadata: { name: 'other', namespace: 'shop' } },
  {
    ...toRoute('younger', []),
    spec: { parentRefs: [{ name: 'other' }], rules: [toRule('/younger', [], 'one')] },
  },
];

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      config: { fleets: [{ name: 'default', refuseMisdirected: true }] },
      texts: { 'all.yaml': toText(...objects) },
      backends: [() => httpEcho('10.244.1.17', 8080)],
    }),
  );
  const data = await world.waitFor(({ routers }) =>
    Object.keys(routers).some((each) => each.includes('short')),
  );
  expect(toRouterErrors(data)).toEqual([]);
});
afterAll(() => cleanup.run());

describe('the status of a request', () => {
  it.each([
    ['example.org', 'example.org', 200],
    ['example.org', 'second.test.com', 421],
    ['example.org', 'unknown.org', 404],
    ['unknown.org', 'example.org', 200],
    ['unknown.org', 'unknown.org', 404],
    ['second.test.com', 'second.test.com', 200],
    ['second.test.com', 'example.org', 421],
    ['second.test.com', 'unknown.org', 421],
    ['second.test.com', 'third.test.com', 421],
    ['third.test.com', 'third.test.com', 200],
    ['third.test.com', 'fourth.test.com', 200],
    ['third.test.com', 'b.test.com', 200],
    ['third.test.com', 'second.test.com', 421],
    ['third.test.com', 'a.test.com', 421],
    ['third.test.com', 'unknown.org', 421],
    ['a.test.com', 'a.test.com', 200],
    ['a.test.com', 'b.test.com', 421],
    ['b.test.com', 'third.test.com', 200],
    // No name stands for several labels: these hosts are served as ever.
    ['one.two.test.com', 'one.two.test.com', 200],
    ['one.two.test.com', 'third.test.com', 421],
  ])('on a connection for %s to %s is %s', async (sni, host, status) => {
    expect((await ask(host, { tls: true, sni, path: '/x' })).status).toBe(status);
  });
});

it('hosts that a younger Gateway has in common with it are served for both', async () => {
  for (const host of ['third.test.com', 'one.two.test.com'])
    expect((await ask(host, { tls: true, path: '/younger' })).status).toBe(200);
});

it('what no route of a listener is for stays with that listener', async () => {
  for (const host of ['second.test.com', 'a.test.com'])
    expect((await ask(host, { tls: true, path: '/younger' })).status).toBe(404);
});
