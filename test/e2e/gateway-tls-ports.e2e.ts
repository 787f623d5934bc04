import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tcpGreeter } from './support/backends.ts';
import { startBank, untilBank } from './support/banks.ts';
import { certificates } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { tcpConnect } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { toGateway, toText } from './support/gateway.ts';
import { startWorld, type World } from './support/world.ts';

// TLS that ends at listeners of the Gateway API, and TLS towards the backends of connections, through real Traefiks.

const cleanup = new Cleanup();
let world: World;

const apiVersion = 'gateway.networking.k8s.io/v1';
const tls = { certificateRefs: [{ name: 'cert' }] };
const { cert, key } = certificates.wildcardTestCom;

const toServices = (name: string, address: string): readonly object[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { clusterIP: 'None', ports: [{ name: 'db', port: 3306 }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: 'shop', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: 'db', port: 3306 }],
    endpoints: [{ addresses: [address] }],
  },
];

const toTlsRoute = (name: string, section: string, service: string, host: string): object => ({
  apiVersion,
  kind: 'TLSRoute',
  metadata: { name, namespace: 'shop' },
  spec: {
    parentRefs: [{ name: 'edge', sectionName: section }],
    hostnames: [host],
    rules: [{ backendRefs: [{ name: service, port: 3306 }] }],
  },
});

const toPolicy = (service: string, validation: object): object => ({
  apiVersion,
  kind: 'BackendTLSPolicy',
  metadata: { name: service, namespace: 'shop' },
  spec: { targetRefs: [{ group: '', kind: 'Service', name: service }], validation },
});

const authority = { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] };

const objects = [
  ...toGateway([
    { name: 'mapped', port: 8883, protocol: 'TLS', hostname: '*.test.com', tls },
    { name: 'far', port: 20_007, protocol: 'TLS', hostname: '*.test.com', tls },
    { name: 'tcp', port: 20_001, protocol: 'TCP' },
  ]),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cert', namespace: 'shop' },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'ca', namespace: 'shop' },
    data: { 'ca.crt': certificates.bbsTestCom.cert },
  },
  ...toServices('plain', '10.244.1.1'),
  ...toServices('secret', '10.244.1.2'),
  ...toServices('other', '10.244.1.2'),
  toPolicy('secret', { ...authority, hostname: 'bbs.test.com' }),
  toPolicy('other', { ...authority, hostname: 'other.test.com' }),
  toTlsRoute('mapped', 'mapped', 'plain', 'a.test.com'),
  toTlsRoute('onward', 'mapped', 'secret', 'b.test.com'),
  toTlsRoute('wrong', 'mapped', 'other', 'c.test.com'),
  toTlsRoute('far', 'far', 'plain', 'a.test.com'),
  {
    apiVersion,
    kind: 'TCPRoute',
    metadata: { name: 'tcp', namespace: 'shop' },
    spec: {
      parentRefs: [{ name: 'edge', sectionName: 'tcp' }],
      rules: [{ backendRefs: [{ name: 'secret', port: 3306 }] }],
    },
  },
];

/** The names of the certificate and the first bytes of a connection over TLS; rejects when it is closed before. */
function greet(port: number, servername: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
    socket.setTimeout(2_000, () => socket.destroy(new Error('nothing came')));
    socket.once('error', reject).once('close', () => reject(new Error('closed')));
    socket.once('data', (data) => {
      resolve(`${socket.getPeerCertificate().subjectaltname ?? ''} ${data.toString().trim()}`);
      socket.destroy();
    });
  });
}

const until = (port: number, host: string): Promise<string> =>
  eventually(`a greeting for ${host} on ${port}`, 20_000, () => greet(port, host));

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      config: {
        fleets: [
          {
            name: 'default',
            listeners: { 80: 'web', 443: 'websecure', 8883: 'mqtts' },
            ports: { tcp: { range: '20000-20009' }, udp: null, requestable: '20000-20009', bank: 5 },
          },
        ],
      },
      texts: { 'all.yaml': toText(...objects) },
      backends: [
        () => tcpGreeter('10.244.1.1', 3306),
        () => tcpGreeter('10.244.1.2', 3306, { tls: certificates.bbsTestCom }),
      ],
    }),
  );
});
afterAll(() => cleanup.run());

it('ends TLS on an entryPoint of fleets[].listeners', async () => {
  expect(await until(8883, 'a.test.com')).toMatch(/test\.com.* .*10\.244\.1\.1:3306/);
});

it('ends it on a pool port of another bank with the certificate of the listener', async () => {
  const { fairlead, root: cwd } = world;
  world.keep(await startBank({ fairlead, cwd, bank: 1 }));
  await untilBank(fairlead, 1, 'open');
  expect(await until(20_007, 'a.test.com')).toMatch(/DNS:\*\.test\.com.* .*10\.244\.1\.1:3306/);
});

it('speaks TLS to a Service with a policy, behind TLS that it ends and for plain TCP', async () => {
  expect(await until(8883, 'b.test.com')).toContain('10.244.1.2:3306');
  const connection = await tcpConnect('127.0.0.1', 20_001);
  expect(await connection.readLine(5_000)).toContain('10.244.1.2:3306');
  await connection.stop();
});

it('closes what comes for a Service whose certificate is not the one that its policy names', async () => {
  await expect(greet(8883, 'c.test.com')).rejects.toThrow();
});
