import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpEcho } from './support/backends.ts';
import { certificates, type CertificatePair } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { httpGet } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { toCertificateSecret, toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

const cleanup = new Cleanup();
let world: World;

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      backends: [() => httpEcho('10.244.1.1', 8080)],
      config: { fleets: [{ name: 'default', defaultCertificate: { secret: 'edge/default-tls' } }] },
    }),
  );
  world.write(
    'web.yaml',
    toManifests({
      namespace: 'shop',
      name: 'web',
      annotations: { 'fairlead.dev/host': 'web.test.com', 'fairlead.dev/tls': 'true' },
      ports: [{ name: 'http', port: 8080 }],
      addresses: ['10.244.1.1'],
    }),
  );
  await world.waitFor(({ routers }) => 'shop_web_service_web.test.com_~root_tls@http' in routers);
});
afterAll(() => cleanup.run());

async function readFingerprint(host: string): Promise<string | undefined> {
  const { certificate } = await httpGet({ port: 443, host, tls: true });
  return certificate?.fingerprint256;
}

async function expectCertificate({ cert }: CertificatePair): Promise<void> {
  const { fingerprint256 } = new X509Certificate(cert);
  for (const host of ['web.test.com', 'nobody.example.org'])
    await eventually(
      `${host} has the certificate`,
      5_000,
      async () => (await readFingerprint(host)) === fingerprint256,
    );
}

it('says that the Secret is missing, and serves the host meanwhile', async () => {
  expect(await world.admin('/api/problems')).toMatchObject([
    { code: 'secret-missing', object: 'Fleet/default' },
  ]);
  const { status } = await httpGet({ port: 443, host: 'web.test.com', tls: true });
  expect(status).toBe(200);
});

it('answers with the certificate of the Secret for every host without one of its own', async () => {
  world.write('tls.yaml', toCertificateSecret('edge', 'default-tls', certificates.wildcardTestCom));
  await expectCertificate(certificates.wildcardTestCom);
  expect(await world.admin('/api/problems')).toEqual([]);
});

it('takes over a renewed certificate', async () => {
  world.write('tls.yaml', toCertificateSecret('edge', 'default-tls', certificates.unrelated));
  await expectCertificate(certificates.unrelated);
});
