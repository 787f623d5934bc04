import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { httpEcho } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask } from './support/edge-client.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

// A host that any route with TLS covers is complete over HTTPS: the same paths, limits and 503s as over HTTP.

const cleanup = new Cleanup();
let world: World;

interface IngressText {
  readonly namespace: string;
  readonly name: string;
  readonly host?: string;
  readonly path?: string;
  readonly tls?: readonly object[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly service?: string;
}

function toIngress({
  namespace,
  name,
  host,
  path = '/',
  tls,
  annotations,
  service = 'web',
}: IngressText): string {
  const backend = { service: { name: service, port: { number: 8080 } } };
  return stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace, name, ...(annotations && { annotations }) },
    spec: {
      ingressClassName: 'fairlead',
      ...(tls && { tls }),
      rules: [{ ...(host && { host }), http: { paths: [{ path, pathType: 'Prefix', backend }] } }],
    },
  });
}

const limited = { 'fairlead.dev/allow-cidrs': '10.9.9.9/32' };

beforeAll(async () => {
  world = cleanup.keep(await startWorld({ backends: [() => httpEcho('10.244.1.1', 8080)] }));
  const service = { name: 'web', ports: [{ name: 'http', port: 8080 }], addresses: ['10.244.1.1'] };
  world.write(
    'services.yaml',
    toManifests({ namespace: 'shop', ...service }, { namespace: 'edge', ...service }),
  );
  world.write(
    'ingresses.yaml',
    [
      toIngress({ namespace: 'shop', name: 'admin', host: 'admin.example.com', annotations: limited }),
      toIngress({ namespace: 'shop', name: 'broken', host: 'broken.example.com', service: 'gone' }),
      toIngress({ namespace: 'shop', name: 'elsewhere', host: 'admin.example.org', annotations: limited }),
      toIngress({
        namespace: 'edge',
        name: 'wildcard',
        host: '*.example.com',
        tls: [{ hosts: ['*.example.com'] }],
      }),
    ].join('---\n'),
  );
  await world.waitFor(({ routers }) => 'shop_admin_ingress_admin.example.com_~root_tls@http' in routers);
});
afterAll(() => cleanup.run());

async function statuses(host: string): Promise<readonly number[]> {
  return [(await ask(host)).status, (await ask(host, { tls: true })).status];
}

it('below a wildcard with TLS', async () => {
  expect(await statuses('other.example.com')).toEqual([200, 200]);
  expect(await statuses('admin.example.com')).toEqual([403, 403]);
  expect(await statuses('broken.example.com')).toEqual([503, 503]);
  expect(await statuses('admin.example.org')).toEqual([403, 404]);
});

it('beside a route of any host with TLS, for as long as it is there', async () => {
  const any = toIngress({ namespace: 'edge', name: 'any', tls: [{ hosts: [] }] });
  const securedRouter = 'shop_elsewhere_ingress_admin.example.org_~root_tls@http';
  world.write('any.yaml', any);
  await world.waitFor(({ routers }) => securedRouter in routers);
  expect(await statuses('nobody.example.net')).toEqual([200, 200]);
  expect(await statuses('admin.example.org')).toEqual([403, 403]);
  world.write('any.yaml', '');
  await world.waitFor(({ routers }) => !(securedRouter in routers));
  expect(await statuses('admin.example.org')).toEqual([403, 404]);
});

it('redirects where another object brings the TLS', async () => {
  const redirect = { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' };
  world.write(
    'redirect.yaml',
    [
      toIngress({ namespace: 'shop', name: 'pages', host: 'pages.test', annotations: redirect }),
      toIngress({
        namespace: 'shop',
        name: 'api',
        host: 'pages.test',
        path: '/api',
        tls: [{ hosts: ['pages.test'] }],
      }),
    ].join('---\n'),
  );
  await world.waitFor(({ routers }) => 'shop_pages_ingress_pages.test_~root_tls@http' in routers);
  const { status, headers } = await ask('pages.test', { path: '/x' });
  expect([status, headers.location]).toEqual([301, 'https://pages.test/x']);
  expect((await ask('pages.test', { path: '/x', tls: true })).status).toBe(200);
  expect((await ask('pages.test', { path: '/api' })).status).toBe(200);
});
