import type { Manifest } from './apiserver.ts';
import { namespace } from './leader-task-objects.ts';

const group = 'gateway.networking.k8s.io';

function toObject(
  kind: string,
  spec: object,
  annotations: Readonly<Record<string, string>> = {},
): Manifest & { readonly plural: string } {
  const lower = kind.toLowerCase();
  const plural =
    kind === 'BackendTLSPolicy'
      ? 'backendtlspolicies'
      : kind === 'GatewayClass'
        ? 'gatewayclasses'
        : `${lower}s`;
  const place = kind === 'GatewayClass' ? {} : { namespace };
  return {
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name: 'fairlead', ...place, annotations },
    spec,
    plural,
  };
}

const backendRefs = [{ name: 'db', port: 1000 }];
const rules = [{ backendRefs }];
const toParent = (sectionName: string, kind = 'Gateway') => ({
  parentRefs: [{ kind, name: 'fairlead', sectionName }],
});
const allocate = (listeners: string) => ({ 'fairlead.dev/allocate-port': listeners });

/** One object of each kind of the Gateway API, all of them answered in their status; listeners ask for pool ports, which stand on their routes. */
const objects = [
  toObject('GatewayClass', { controllerName: 'fairlead.dev/gateway-controller' }),
  toObject(
    'Gateway',
    {
      gatewayClassName: 'fairlead',
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP' },
        { name: 'tcp', port: 1, protocol: 'TCP' },
        { name: 'udp', port: 2, protocol: 'UDP' },
        { name: 'tls', port: 3, protocol: 'TLS', tls: { mode: 'Passthrough' } },
      ],
      allowedListeners: { namespaces: { from: 'Same' } },
    },
    allocate('tcp,udp,tls'),
  ),
  toObject(
    'ListenerSet',
    { parentRef: { name: 'fairlead' }, listeners: [{ name: 'more', port: 4, protocol: 'TCP' }] },
    allocate('more'),
  ),
  toObject('HTTPRoute', { ...toParent('http'), hostnames: ['http.test'], rules }),
  toObject('GRPCRoute', { ...toParent('http'), hostnames: ['grpc.test'], rules }),
  toObject('TCPRoute', { ...toParent('tcp'), rules }),
  toObject('UDPRoute', { ...toParent('udp'), rules }),
  toObject('TLSRoute', { ...toParent('tls'), hostnames: ['tls.test'], rules }),
  toObject('BackendTLSPolicy', {
    targetRefs: [{ group: '', kind: 'Service', name: 'db' }],
    validation: { wellKnownCACertificates: 'System', hostname: 'db.test' },
  }),
];

/** As they are applied. */
export const gatewayObjects: readonly Manifest[] = objects.map(({ plural: _plural, ...object }) => object);

/** Where each is, with the plural of its kind. */
export const gatewayPaths: readonly { readonly plural: string; readonly path: string }[] = objects.map(
  ({ plural, metadata }) => ({
    plural,
    path: `/apis/${group}/v1/${metadata.namespace === undefined ? '' : `namespaces/${namespace}/`}${plural}/fairlead`,
  }),
);

/** Of those that have the number of a pool port as an annotation. */
export const allocatedPlurals: readonly string[] = [
  'gateways',
  'listenersets',
  'tcproutes',
  'tlsroutes',
  'udproutes',
];
