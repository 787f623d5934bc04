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
};
