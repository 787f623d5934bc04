import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { KubeClient } from '../../src/kubernetes/kube-client.ts';
import { readHeldPorts } from './support/admin-data.ts';
import { findApiServerOrFake, startApiServer, type ApiServer, type Manifest } from './support/apiserver.ts';
import { tcpGreeter } from './support/backends.ts';
import { certificates, type CertificatePair } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { tcpConnect } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startWorld, type World } from './support/world.ts';

// Many databases on one number: each Service is told the port, and each client reaches the one that it asks for by SNI.

const cleanup = new Cleanup();
let server: ApiServer;
let client: KubeClient;
let world: World;

const databases = {
  'unrelated.example.org': { address: '10.244.3.1', certificate: certificates.unrelated },
  'bbs.test.com': { address: '10.244.3.2', certificate: certificates.bbsTestCom },
} as const;
type Host = keyof typeof databases;

const toName = (host: string): string => host.replaceAll('.', '-');

function toManifests(host: Host): readonly Manifest[] {
  const name = toName(host);
  const annotations = { 'fairlead.dev/sni': host, 'fairlead.dev/sni-port': 'databases' };
  return [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'db', port: 5432 }],
      endpoints: [{ addresses: [databases[host].address] }],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop', annotations },
      spec: { clusterIP: 'None', ports: [{ name: 'db', port: 5432 }] },
    },
  ];
}

beforeAll(async () => {
  server = cleanup.keep(await startApiServer(findApiServerOrFake()));
  client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
  cleanup.add(() => client.close());
  world = cleanup.keep(
    await startWorld({
      backends: Object.entries(databases).map(
        ([host, { address, certificate }]) =>
          () =>
            tcpGreeter(address, 5432, { tls: certificate, greeting: `${host}\n` }),
      ),
      config: {
        sources: [{ name: 'prod', kubernetes: { kubeconfig: server.kubeconfig } }],
        fleets: [
          { name: 'default', addresses: ['edge.example.com'], ports: { tcp: { range: '20000-20009' } } },
        ],
        ledger: { configMap: 'fairlead-system/fairlead-ports' },
      },
    }),
  );
});
afterAll(() => cleanup.run());

const service = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
});

/** The port that is written on a Service, once it is. */
async function readPort(host: Host): Promise<number> {
  const path = `/api/v1/namespaces/shop/services/${toName(host)}`;
  return eventually(`${host} is told its port`, 15_000, async () => {
    const { metadata } = service.parse(await client.getJson(path));
    const port = Number(metadata.annotations['tcp.fairlead.dev/5432'] ?? 0);
    if (port === 0) return undefined;
    expect(metadata.annotations['fairlead.dev/addresses']).toBe(`db=edge.example.com:${port}`);
    return port;
  });
}

const fingerprint = ({ cert }: CertificatePair): string => new X509Certificate(cert).fingerprint256;

async function expectAnswer(host: Host, port: number): Promise<void> {
  const connection = cleanup.keep(await tcpConnect('127.0.0.1', port, { sni: host }));
  expect(connection.certificate?.fingerprint256).toBe(fingerprint(databases[host].certificate));
  expect(await connection.readLine()).toBe(host);
}

it('is one port for all, also for who comes later, and a connection of one minds no other', async () => {
  await server.apply(...toManifests('unrelated.example.org'));
  const port = await readPort('unrelated.example.org');
  await expectAnswer('unrelated.example.org', port);
  const long = cleanup.keep(await tcpConnect('127.0.0.1', port, { sni: 'unrelated.example.org' }));
  expect(await long.readLine()).toBe('unrelated.example.org');
  await server.apply(...toManifests('bbs.test.com'));
  expect(await readPort('bbs.test.com')).toBe(port);
  await world.traefik.waitFor(({ tcpRouters }) => 'shop_bbs-test-com_sni_bbs.test.com@http' in tcpRouters);
  await expectAnswer('bbs.test.com', port);
  expect(await long.ask('still there')).toBe('still there');
  expect((await readHeldPorts(world)).map(({ holder }) => holder)).toEqual(['SniPort/shop/databases']);
  expect(await world.traefik.routerErrors()).toEqual([]);
});

it('reaches nobody by a host that nobody has', async () => {
  const port = await readPort('bbs.test.com');
  const connection = cleanup.keep(await tcpConnect('127.0.0.1', port, { sni: 'nobody.test.com' }));
  // Traefik takes it for HTTPS.
  expect(await connection.ask('GET / HTTP/1.0\r\n\r')).toContain('404');
});
