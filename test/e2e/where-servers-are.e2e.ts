import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { httpEcho, tcpGreeter } from './support/backends.ts';
import { Cleanup } from './support/cleanup.ts';
import { askStatus, see, untilServed } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { tcpConnect } from './support/socket-client.ts';
import { startWorld, type World } from './support/world.ts';

// What decides where requests go besides the endpoints themselves: rules of the operators, zones, and names.

const cleanup = new Cleanup();
let world: World;

interface Site {
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Each with the zone that its hint names. */
  readonly endpoints?: Readonly<Record<string, string | undefined>>;
}

/** A Service with one port, and its endpoints. */
function toSite({ namespace, name, annotations = {}, spec = {}, endpoints = {} }: Site): string {
  const port = { name: 'http', port: 80, protocol: 'TCP' };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, annotations },
    spec: { ports: [port], ...spec },
  };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [port],
    endpoints: Object.entries(endpoints).map(([address, zone]) => ({
      addresses: [address],
      ...(zone !== undefined && { hints: { forZones: [{ name: zone }] } }),
    })),
  };
  return [service, slice].map((object) => stringify(object)).join('---\n');
}

function toIngress(name: string, ingressClassName: string, host: string): string {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  return stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace: 'shop', name },
    spec: {
      ingressClassName,
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  });
}

const [legacyIp, shopIp] = ['10.96.0.21', '10.96.0.22'];
const zoned = { namespace: 'shop', name: 'zoned', annotations: { 'fairlead.dev/host': 'zoned.test' } };

beforeAll(async () => {
  const addresses = [
    legacyIp,
    shopIp,
    '10.0.100.1',
    '10.244.6.1',
    '10.244.6.2',
    '10.244.6.3',
    '192.168.7.57',
    '172.16.7.57',
  ];
  world = cleanup.keep(
    await startWorld({
      config: {
        fleets: [
          {
            name: 'default',
            ingressClasses: ['fairlead', 'by-ip'],
            zone: 'zone-a',
            ports: { tcp: { range: '20000-20003' }, udp: null },
          },
        ],
        services: {
          backendRules: [
            { namespaces: ['legacy-*'], backends: 'clusterip' },
            { ingressClasses: ['by-ip'], backends: 'clusterip' },
          ],
          externalEndpoints: { rules: [{ namespaces: ['vm-*'], allowedCIDRs: ['192.168.7.0/24'] }] },
        },
      },
      texts: {
        'legacy.yaml': toSite({
          namespace: 'legacy-1',
          name: 'web',
          annotations: { 'fairlead.dev/host': 'legacy.test' },
          spec: { clusterIP: legacyIp, selector: { app: 'web' } },
          endpoints: { '10.244.6.3': undefined },
        }),
        'shop.yaml': [
          toSite({
            namespace: 'shop',
            name: 'web',
            spec: { clusterIP: shopIp, selector: { app: 'web' } },
            endpoints: { '10.244.6.1': undefined },
          }),
          toIngress('plain', 'fairlead', 'plain.test'),
          toIngress('by-ip', 'by-ip', 'by-ip.test'),
        ].join('---\n'),
        'named.yaml': toSite({
          namespace: 'thrift-demo',
          name: 'thrift-c-app',
          annotations: { 'fairlead.dev/host': 'named.test', 'fairlead.dev/backends': 'dns' },
          spec: { clusterIP: '10.96.0.23', selector: { app: 'thrift' } },
        }),
        'zoned.yaml': toSite({
          ...zoned,
          spec: { selector: { app: 'zoned' } },
          endpoints: { '10.244.6.1': 'zone-a', '10.244.6.2': 'zone-b' },
        }),
        'vms.yaml': toSite({
          namespace: 'vm-1',
          name: 'machines',
          annotations: { 'fairlead.dev/host': 'machines.test' },
          spec: { clusterIP: 'None' },
          endpoints: { '192.168.7.57': undefined, '172.16.7.57': undefined },
        }),
        'others.yaml': toSite({
          namespace: 'vm-2',
          name: 'outside',
          annotations: { 'fairlead.dev/host': 'outside.test' },
          spec: { clusterIP: 'None' },
          endpoints: { '172.16.7.57': undefined },
        }),
        'db.yaml': toSite({
          namespace: 'shop',
          name: 'db',
          annotations: { 'fairlead.dev/expose': 'true', 'fairlead.dev/keep-alive': '60s' },
          spec: { selector: { app: 'db' }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
          endpoints: { '10.244.6.9': undefined },
        }),
      },
      backends: [
        ...addresses.map((address) => () => httpEcho(address, 80)),
        () => tcpGreeter('10.244.6.9', 80),
      ],
    }),
  );
  await untilServed(['127.0.0.1'], ['legacy.test', 'plain.test', 'by-ip.test', 'named.test', 'zoned.test']);
}, 60_000);

afterAll(() => cleanup.run());

/** The backends that ten requests reach. */
async function reach(host: string): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let request = 0; request < 10; request += 1) seen.add((await see(host)).backend);
  return [...seen].toSorted();
}

describe('services.backendRules', () => {
  it('send what is routed in a namespace to the cluster IP', async () => {
    expect(await reach('legacy.test')).toEqual([`${legacyIp}:80`]);
  });

  it('send the routes of an Ingress class there, and those of another class to the endpoints', async () => {
    expect(await reach('by-ip.test')).toEqual([`${shopIp}:80`]);
    expect(await reach('plain.test')).toEqual(['10.244.6.1:80']);
  });
});

it('fairlead.dev/backends: dns leads to the name of the Service', async () => {
  expect(await reach('named.test')).toEqual(['10.0.100.1:80']);
});

it('endpoints with a hint for the zone of the fleet go before others, as long as all have hints', async () => {
  expect(await reach('zoned.test')).toEqual(['10.244.6.1:80']);
  world.write(
    'zoned.yaml',
    toSite({
      ...zoned,
      spec: { selector: { app: 'zoned' } },
      endpoints: { '10.244.6.1': 'zone-a', '10.244.6.2': undefined },
    }),
  );
  await eventually('both take requests', 10_000, async () => (await reach('zoned.test')).length === 2);
});

it('services.externalEndpoints.rules: addresses outside the networks of the namespace get no request', async () => {
  expect(await reach('machines.test')).toEqual(['192.168.7.57:80']);
  expect(await askStatus('outside.test')).toBe(503);
  const problems = JSON.stringify(await world.admin('/api/problems'));
  expect(problems).toContain('172.16.7.57');
  expect(problems).toContain('is outside services.externalEndpoints.rules[0].allowedCIDRs');
});

it('fairlead.dev/keep-alive: the connection to the endpoint is probed as often', async () => {
  const connection = await eventually('the port is open', 15_000, async () => {
    const each = await tcpConnect('127.0.0.1', 20_000);
    return each.readLine(1_000).then(
      () => each,
      () => each.stop().then(() => undefined),
    );
  });
  cleanup.keep(connection);
  // `timer:(keepalive,59sec,0)`: the time until the next probe, from the kernel itself.
  const timers = execFileSync('ss', ['-Htno', 'dst', '10.244.6.9'], { encoding: 'utf8' });
  expect(timers).toMatch(/timer:\(keepalive,(?:1min|[3-5]\dsec)/);
});
