import { afterAll, beforeAll, expect, it } from 'vitest';
import { certificates } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { httpGet } from './support/client.ts';
import { startFixedProvider } from './support/fixed-provider.ts';
import { findFreePort } from './support/local-address.ts';
import { startTraefik } from './support/traefik.ts';
import { startWorld, type World } from './support/world.ts';
import { toCertificateSecret, toManifests } from './support/manifests.ts';

const cleanup = new Cleanup();
let world: World;

beforeAll(async () => {
  world = cleanup.keep(await startWorld());
  world.write(
    'web.yaml',
    toManifests({
      namespace: 'shop',
      name: 'web',
      annotations: { 'fairlead.dev/host': 'web.test.com', 'fairlead.dev/tls': 'web-tls' },
      ports: [{ name: 'http', port: 8080 }],
      addresses: ['10.244.1.1'],
    }),
  );
  world.write('secret.yaml', toCertificateSecret('shop', 'web-tls', certificates.wildcardTestCom));
  await world.waitFor(({ routers }) => 'shop_web_service_web.test.com_~root_tls@http' in routers);
});
afterAll(() => cleanup.run());

/** A Traefik that a tenant has talked into using a listener of Fairlead as a backend, as a name that leads to loopback would. */
async function startTalkedInto(backend: string): Promise<number> {
  const provider = cleanup.keep(
    await startFixedProvider({
      http: {
        routers: { evil: { rule: 'PathPrefix(`/`)', service: 'evil', entryPoints: ['web'] } },
        services: { evil: { loadBalancer: { servers: [{ url: backend }] } } },
      },
    }),
  );
  const port = await findFreePort();
  const staticConfig = provider.toStaticConfig({ web: `127.0.0.1:${port}` });
  const traefik = cleanup.keep(await startTraefik({ staticConfig }));
  await traefik.waitFor(({ routers }) => 'evil@http' in routers);
  return port;
}

it('Traefik polls, and is answered with the private key', async () => {
  const response = await fetch(`${world.fairlead.providerUrl}/traefik/default`);
  expect(await response.text()).toContain('PRIVATE KEY');
  const pollers = await world.admin('/api/pollers');
  expect(pollers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ userAgent: expect.stringMatching(/Go/), status: 200 }),
    ]),
  );
});

it.each([
  ['the provider', () => world.fairlead.providerUrl, '/traefik/default'],
  ['the admin listener', () => world.fairlead.adminUrl, '/api/routes'],
])('%s answers nobody through a Traefik, whatever host he asks for', async (_, url, path) => {
  const port = await startTalkedInto(url());
  for (const host of ['evil.x', 'localhost']) {
    const { status, body } = await httpGet({ port, host, path });
    expect([host, status]).toEqual([host, 403]);
    expect(body).not.toContain('PRIVATE KEY');
    expect(body).not.toContain('web.test.com');
  }
});
