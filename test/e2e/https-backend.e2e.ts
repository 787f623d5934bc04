import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { httpsEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask, askStatus } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { toCertificateSecret, toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

// A backend with a certificate of a private authority is reached without switching verification off.

const read = (file: string): string =>
  readFileSync(new URL(`../fixtures/tls/${file}`, import.meta.url), 'utf8');

const cleanup = new Cleanup();
let world: World;

function toService(
  name: string,
  annotations: Readonly<Record<string, string>>,
  address = '10.244.1.1',
): string {
  return toManifests({
    namespace: 'shop',
    name,
    annotations: {
      'fairlead.dev/host': `${name}.test`,
      'fairlead.dev/scheme': 'https',
      'fairlead.dev/server-name': '127.0.0.1',
      ...annotations,
    },
    ports: [{ name: 'web', port: 8443 }],
    addresses: [address],
  });
}

beforeAll(async () => {
  const pair = { cert: read('server.crt'), key: read('server.key') };
  const asking = { ...pair, ca: read('authority.crt'), requestCert: true, rejectUnauthorized: true };
  world = cleanup.keep(
    await startWorld({
      backends: [() => httpsEcho('10.244.1.1', 8443, pair), () => httpsEcho('10.244.1.2', 8443, asking)],
    }),
  );
  world.write('public.yaml', toService('public', {}));
  world.write('private.yaml', toService('private', { 'fairlead.dev/ca': 'authority' }));
  await world.waitFor(({ routers }) => 'shop_private_service_private.test_~root@http' in routers);
});
afterAll(() => cleanup.run());

it('once the Secret of its authority is there', async () => {
  expect(await askStatus('public.test')).toBe(500);
  expect(await askStatus('private.test')).toBe(500);
  world.write(
    'authority.yaml',
    stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'authority', namespace: 'shop' },
      stringData: { 'ca.crt': read('authority.crt') },
    }),
  );
  await eventually('the backend is verified', 5_000, async () => (await ask('private.test')).status === 200);
  expect(await askStatus('public.test')).toBe(500);
});

it('with a certificate, where it asks for one', async () => {
  const insecure = { 'fairlead.dev/insecure-skip-verify': 'true' };
  const anonymous = toService('anonymous', insecure, '10.244.1.2');
  const known = toService('known', { ...insecure, 'fairlead.dev/client-cert': 'edge' }, '10.244.1.2');
  world.write('asking.yaml', `${anonymous}---\n${known}`);
  await world.waitFor(({ routers }) => 'shop_known_service_known.test_~root@http' in routers);
  // Not before the Secret is there, and never without it.
  expect(await askStatus('known.test')).toBe(503);
  const pair = { cert: read('client.crt'), key: read('client.key') };
  world.write('edge.yaml', toCertificateSecret('shop', 'edge', pair));
  await eventually('the backend answers', 5_000, async () => (await ask('known.test')).status === 200);
  expect(await askStatus('anonymous.test')).toBeGreaterThanOrEqual(500);
});

it('by a ConfigMap, with an oldest version of TLS that leaves all other settings in force', async () => {
  const old = { cert: read('server.crt'), key: read('server.key'), maxVersion: 'TLSv1.2' };
  cleanup.keep(await httpsEcho('10.244.1.9', 8443, old));
  world.write(
    'authority-map.yaml',
    stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'authority', namespace: 'shop' },
      data: { 'ca.crt': read('authority.crt') },
    }),
  );
  const ca = { 'fairlead.dev/ca': 'configmap/authority' };
  const newest = { ...ca, 'fairlead.dev/tls-min-version': '1.3' };
  world.write('new.yaml', toService('new', newest));
  world.write('old.yaml', toService('old', ca, '10.244.1.9'));
  world.write('too-old.yaml', toService('too-old', newest, '10.244.1.9'));
  await eventually('it is verified', 10_000, async () => (await ask('new.test')).status === 200);
  await eventually('the other is as well', 10_000, async () => (await ask('old.test')).status === 200);
  await world.waitFor(({ routers }) => 'shop_too-old_service_too-old.test_~root@http' in routers);
  expect(await askStatus('too-old.test')).toBe(502);
  // Without the authority the certificate is refused, also where an oldest version is said.
  world.write('public-new.yaml', toService('public-new', { 'fairlead.dev/tls-min-version': '1.2' }));
  await world.waitFor(({ routers }) => 'shop_public-new_service_public-new.test_~root@http' in routers);
  expect(await askStatus('public-new.test')).toBe(500);
});
