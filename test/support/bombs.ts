/** An object as `kubectl apply` would take it. */
export type Raw = Readonly<Record<string, unknown>>;
type Annotations = Readonly<Record<string, string>>;

const listOf = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(',');

/** A Service `web`. */
export function toRawService(
  namespace: string,
  annotations: Annotations,
  ports: readonly Raw[] = [{ port: 80 }],
): Raw {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace, annotations },
    spec: { clusterIP: '10.96.0.1', ports },
  };
}

/** The endpoints of the Service `web`, which listens on port 8080. */
export function toRawSlice(namespace: string, addresses: readonly string[]): Raw {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace, labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ port: 8080 }],
    endpoints: addresses.map((address) => ({ addresses: [address] })),
  };
}

function toIngress(rules: readonly Raw[]): Raw {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'evil' },
    spec: { ingressClassName: 'fairlead', rules },
  };
}

/** The ports of a Service, and a slice of its endpoints, with names for all. */
function toRawWide(annotations: Annotations, counts: { ports: number; endpoints: number }): readonly Raw[] {
  const ports = Array.from({ length: counts.ports }, (_, each) => ({
    port: each + 1,
    name: `p${each}`,
    protocol: each % 2 === 0 ? 'TCP' : 'UDP',
  }));
  const endpoints = Array.from({ length: counts.endpoints }, (_, each) => ({
    addresses: [`10.4.${each >> 8}.${each & 255}`],
    hostname: `e-${each}`,
  }));
  return [toRawService('evil', annotations, ports), { ...toRawSlice('evil', []), ports, endpoints }];
}

const addressAt = (each: number): string => `10.4.${each >> 8}.${each & 255}`;
const widely = { ports: 500, endpoints: 5_000 };

const backend = { service: { name: 'web', port: { number: 80 } } };
const manyKeys = (count: number, prefix: string): Annotations =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'x']));

/** What one hostile tenant of namespace `evil` can write to hurt others: the objects of each bomb, which has no more than a folder takes. */
export const bombs: Readonly<Record<string, () => readonly Raw[]>> = {
  none: () => [],
  'max-body of spaces': () => [
    toRawService('evil', {
      'fairlead.dev/host': 'evil.test',
      'fairlead.dev/max-body': `1${' '.repeat(250_000)}x`,
    }),
  ],
  'addresses of spaces': () => [
    toRawService('evil', { 'fairlead.dev/expose': 'true', 'fairlead.dev/addresses': ' '.repeat(250_000) }),
  ],
  '240 hosts x 240 paths': () => [
    toRawService('evil', {
      'fairlead.dev/host': listOf(240, (each) => `h${each}.x`),
      'fairlead.dev/path': listOf(240, (each) => `/${each}`),
    }),
  ],
  '5,000 hosts x 300 paths': () => [
    toRawService('evil', {
      'fairlead.dev/host': listOf(5_000, (each) => `h${each}.x`),
      'fairlead.dev/path': listOf(300, (each) => `/${each}`),
    }),
  ],
  '30,000 unknown port names': () => [
    toRawService(
      'evil',
      { 'fairlead.dev/expose': listOf(30_000, (each) => `p${each}`) },
      Array.from({ length: 3_000 }, (_, each) => ({ port: each + 1, name: `port-${each}` })),
    ),
  ],
  '40,000 bad hosts': () => [
    toRawService('evil', { 'fairlead.dev/host': listOf(40_000, (each) => `-${each}`) }),
  ],
  '10,000 unknown keys': () => [
    toRawService('evil', { 'fairlead.dev/host': 'evil.test', ...manyKeys(10_000, 'fairlead.dev/max-bodi') }),
  ],
  '20,000 numbers as annotations': () => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        namespace: 'evil',
        annotations: Object.fromEntries(Array.from({ length: 20_000 }, (_, each) => [`k${each}`, each])),
      },
      spec: { ports: [{ port: 80 }] },
    },
  ],
  '30,000 bad endpoints': () => [
    toRawService('evil', { 'fairlead.dev/host': 'evil.test' }),
    toRawSlice(
      'evil',
      Array.from({ length: 30_000 }, (_, each) => `127.0.${each >> 8}.${each & 255}`),
    ),
  ],
  '20,000 rules of an Ingress': () => [
    toRawService('evil', {}),
    toIngress(
      Array.from({ length: 20_000 }, (_, each) => ({
        host: `h${each}.evil.test`,
        http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
      })),
    ),
  ],
  '20,000 paths of an Ingress without its Service': () => [
    toIngress([
      {
        host: 'evil.test',
        http: {
          paths: Array.from({ length: 20_000 }, (_, each) => ({
            path: `/${each}`,
            pathType: 'Prefix',
            backend: { service: { name: 'nobody', port: { number: 80 } } },
          })),
        },
      },
    ]),
  ],
  '500 paths to 5,000 endpoints': () => [
    toRawService('evil', {}),
    toRawSlice(
      'evil',
      Array.from({ length: 5_000 }, (_, each) => `10.3.${each >> 8}.${each & 255}`),
    ),
    toIngress([
      {
        host: 'evil.test',
        http: {
          paths: Array.from({ length: 500 }, (_, each) => ({
            path: `/${each}`,
            pathType: 'Prefix',
            backend,
          })),
        },
      },
    ]),
  ],
  '60,000 ports exposed': () => [
    toRawService(
      'evil',
      { 'fairlead.dev/expose': 'true' },
      Array.from({ length: 60_000 }, (_, each) => ({ port: each + 1, name: `p${each}` })),
    ),
  ],
  '30,000 fleets': () => [
    toRawService('evil', {
      'fairlead.dev/host': 'evil.test',
      'fairlead.dev/fleet': listOf(30_000, (each) => `f${each}`),
    }),
  ],
  'a weight for each of 5,000 endpoints of 500 ports': () =>
    toRawWide(
      {
        'fairlead.dev/expose': 'true',
        'fairlead.dev/weights': listOf(2_000, (each) => `${addressAt(each)}=${each}`),
        'fairlead.dev/health-port': '80',
      },
      widely,
    ),
  '500 ports for each of 5,000 endpoints': () => toRawWide({ 'fairlead.dev/expose-each': 'true' }, widely),
  '3,000 hosts by SNI, on 500 ports of 5,000 endpoints': () =>
    toRawWide(
      {
        'fairlead.dev/sni': listOf(3_000, (each) => `p${(each * 2) % 500}=h${each}.x`),
        'fairlead.dev/weights': '*=3',
      },
      widely,
    ),
  '3,000 hosts by SNI on a shared port': () =>
    toRawWide(
      {
        'fairlead.dev/sni': listOf(3_000, (each) => `p${(each * 2) % 500}=h${each}.x`),
        'fairlead.dev/sni-port': 'all',
      },
      widely,
    ),
  '240 hosts x 240 paths that move, fail over and are mirrored': () => [
    ...toRawWide(
      {
        'fairlead.dev/host': listOf(240, (each) => `h${each}.x`),
        'fairlead.dev/path': listOf(240, (each) => `/${each}`),
        'fairlead.dev/migrate-to': 'other',
        'fairlead.dev/migrate-weight': '50',
        'fairlead.dev/failover-to': 'other',
        'fairlead.dev/failover-status': '500-599',
        'fairlead.dev/mirror-to': 'other',
      },
      widely,
    ),
    ...toRawWide({}, widely).map((raw) => toOther(raw)),
  ],
  '4,000 grants': () => [
    toRawService('evil', { 'fairlead.dev/grant-to': listOf(4_000, (each) => `n${each}/n${each}`) }),
  ],
  '50 Services that move to one with 5,000 endpoints': () => [
    ...Array.from({ length: 50 }, (_, each) =>
      toOther(
        toRawService('evil', {
          'fairlead.dev/host': `h${each}.x`,
          'fairlead.dev/migrate-to': 'web',
          'fairlead.dev/migrate-weight': '50',
        }),
        `m${each}`,
      ),
    ),
    ...toRawWide({}, { ports: 1, endpoints: 5_000 }),
  ],
};

/** The same object for a Service of another name. */
function toOther(raw: Raw, name = 'other'): Raw {
  const kind = raw['kind'] === 'Service' ? {} : { labels: { 'kubernetes.io/service-name': name } };
  return { ...raw, metadata: { ...(raw['metadata'] as object), name, ...kind } };
}
