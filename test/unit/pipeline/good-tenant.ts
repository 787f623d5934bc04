import { toSourceObjects } from '../../../src/kinds/narrow.ts';
import { toObjectKey, type ObjectKey } from '../../../src/model/object-ref.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import { makeCertificate } from '../../support/certificates/make-certificate.ts';

/** The source of all objects here. */
export const source = 'manifests';
/** What the tenant routes: by an Ingress, by a Service, by a Service below his wildcard certificate, and by an HTTPRoute. */
export const hosts = ['shop.good.test', 'api.good.test', 'a.apps.good.test', 'route.good.test'];
/** The pool port that he has asked for. */
export const requestedPort = 20_005;

/** The host of a database of his, on a port that his Services share. */
export const sniHost = 'db.good.test';

const namespace = 'good';

/** His Gateway, which is for what is of his namespace alone. */
export const ownGateway = { name: 'edge', namespace };

const creationTimestamp = '2020-01-01T00:00:00Z';

function toMetadata(name: string, annotations: object = {}, labels: object = {}): object {
  return { name, namespace, creationTimestamp, annotations, labels };
}

function service(name: string, ports: readonly object[], annotations: object = {}): object {
  const spec = { selector: { app: name }, ports };
  return { apiVersion: 'v1', kind: 'Service', metadata: toMetadata(name, annotations), spec };
}

function slice(name: string, ports: readonly object[], address: string, hostname?: string): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: toMetadata(name, {}, { 'kubernetes.io/service-name': name }),
    addressType: 'IPv4',
    ports,
    endpoints: [{ addresses: [address], hostname }],
  };
}

function secret(name: string, dns: readonly string[]): object {
  const { cert, key } = makeCertificate({ dns });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: toMetadata(name),
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  };
}

const web = [{ name: 'http', port: 80, protocol: 'TCP' }];
const open = [
  { name: 'db', port: 5432, protocol: 'TCP' },
  { name: 'dns', port: 53, protocol: 'UDP' },
];
const tls = [{ name: 'tls', port: 5432, protocol: 'TCP' }];
const movedHost = 'moving.good.test';
const backend = { service: { name: 'shop', port: { number: 80 } } };
const [host = '', api = '', app = '', routed = ''] = hosts;
const gatewayApi = 'gateway.networking.k8s.io/v1';

const raws: readonly object[] = [
  service('shop', web, { 'fairlead.dev/timeout-read': '7s' }),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: toMetadata('shop', { 'fairlead.dev/allow-cidrs': '10.0.0.0/8' }),
    spec: {
      ingressClassName: 'fairlead',
      tls: [{ hosts: [host], secretName: 'shop-tls' }],
      rules: [
        {
          host,
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend },
              { path: '/a', pathType: 'Exact', backend },
            ],
          },
        },
      ],
    },
  },
  secret('shop-tls', [host]),
  service('api', web, { 'fairlead.dev/host': api, 'fairlead.dev/path': '/v1', 'fairlead.dev/retries': '3' }),
  slice('api', web, '10.9.1.1'),
  service('apps', web, { 'fairlead.dev/host': app, 'fairlead.dev/tls': 'apps-tls' }),
  slice('apps', web, '10.9.2.1'),
  secret('apps-tls', ['*.apps.good.test']),
  service('open', open, {
    'fairlead.dev/expose': 'true',
    'fairlead.dev/request-port.db': String(requestedPort),
  }),
  slice('open', open, '10.9.3.1'),
  service('db', tls, {
    'fairlead.dev/sni': sniHost,
    'fairlead.dev/sni-port': 'databases',
    'fairlead.dev/pool': 'own',
  }),
  slice('db', tls, '10.9.4.1'),
  service('kafka', open, {
    'fairlead.dev/expose-each': 'true',
    'fairlead.dev/pool': 'own',
    'fairlead.dev/health-port': '8080',
    'fairlead.dev/migrate-to': 'open',
    'fairlead.dev/migrate-weight': '30',
  }),
  slice('kafka', open, '10.9.5.1', 'kafka-0'),
  service('moving', web, {
    'fairlead.dev/host': movedHost,
    'fairlead.dev/migrate-to': 'api',
    'fairlead.dev/migrate-weight': '30',
    'fairlead.dev/mirror-to': 'apps',
    'fairlead.dev/failover-to': 'shop',
    'fairlead.dev/failover-status': '502',
  }),
  slice('moving', web, '10.9.6.1'),
  {
    apiVersion: gatewayApi,
    kind: 'GatewayClass',
    metadata: { name: 'fairlead', creationTimestamp },
    spec: { controllerName: 'fairlead.dev/gateway-controller' },
  },
  {
    apiVersion: gatewayApi,
    kind: 'Gateway',
    metadata: toMetadata(ownGateway.name),
    spec: {
      gatewayClassName: 'fairlead',
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP' },
        {
          name: 'https',
          port: 443,
          protocol: 'HTTPS',
          hostname: routed,
          tls: { certificateRefs: [{ name: 'route-tls' }] },
        },
        { name: 'tcp', port: 20_006, protocol: 'TCP' },
      ],
    },
  },
  secret('route-tls', [routed]),
  {
    apiVersion: gatewayApi,
    kind: 'HTTPRoute',
    metadata: toMetadata('route'),
    spec: {
      parentRefs: [{ name: ownGateway.name }],
      hostnames: [routed],
      rules: [
        { backendRefs: [{ name: 'api', port: 80 }] },
        {
          matches: [{ path: { type: 'PathPrefix', value: '/v1' }, headers: [{ name: 'X-A', value: 'a' }] }],
          filters: [
            { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'X-B', value: 'b' }] } },
          ],
          backendRefs: [
            { name: 'shop', port: 80, weight: 1 },
            { name: 'api', port: 80, weight: 3 },
          ],
        },
      ],
    },
  },
  {
    apiVersion: gatewayApi,
    kind: 'TCPRoute',
    metadata: toMetadata('raw'),
    spec: {
      parentRefs: [{ name: ownGateway.name, sectionName: 'tcp' }],
      rules: [{ backendRefs: [{ name: 'open', port: 5432 }] }],
    },
  },
];

const read = (raw: object): readonly SourceObject[] => toSourceObjects(raw, source, () => undefined);

/** His change: the Service of the shop has another endpoint. */
export function moveShop(address: string): readonly SourceObject[] {
  return read(slice('shop', web, address));
}

/** All that he has, older than what others have. */
export const goodTenant: readonly SourceObject[] = [...raws.flatMap(read), ...moveShop('10.9.0.1')];

/** The keys of all that he has. */
export const goodKeys: readonly ObjectKey[] = goodTenant.map(({ meta }) => toObjectKey(meta.ref));
