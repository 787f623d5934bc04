import type { Manifest } from './apiserver.ts';
import { certificates } from './certificates.ts';

/** Where the objects are that Fairlead routes. */
export const namespace = 'shop';

/** What `fairlead.yaml` says, as `manifests/` does; the pool is larger. */
export const config = (kubeconfig: string) => ({
  sources: [{ name: 'cluster', kubernetes: { kubeconfig } }],
  fleets: [{ name: 'default', addresses: ['edge.example.com'], ports: { tcp: { range: '20000-23999' } } }],
  limits: { object: { ports: 2_000 } },
  ledger: { configMap: 'fairlead-system/fairlead-ports' },
  leaderElection: { lease: 'fairlead-system/fairlead' },
});

/** A Service that asks for each of its ports. */
function toService(
  name: string,
  ports: number,
  annotations: Readonly<Record<string, string>> = {},
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, annotations: { 'fairlead.dev/expose': 'true', ...annotations } },
    spec: {
      clusterIP: 'None',
      ports: Array.from({ length: ports }, (_each, index) => ({ name: `p${index}`, port: 1000 + index })),
    },
  };
}

export const endpoints: Manifest = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'db-1', namespace, labels: { 'kubernetes.io/service-name': 'db' } },
  addressType: 'IPv4',
  ports: [{ name: 'p0', port: 1000 }],
  endpoints: [{ addresses: ['10.244.1.17'] }],
};

export const secret: Manifest = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'web-tls', namespace },
  type: 'kubernetes.io/tls',
  stringData: {
    'tls.crt': certificates.wildcardTestCom.cert,
    'tls.key': certificates.wildcardTestCom.key,
  },
};

/** With TLS from the Secret. */
export function toIngress(ingressClassName: string): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace },
    spec: {
      ingressClassName,
      tls: [{ hosts: ['web.test.com'], secretName: 'web-tls' }],
      defaultBackend: { service: { name: 'db', port: { number: 1000 } } },
    },
  };
}

/** Has an endpoint. */
export const db = toService('db', 1);
/** Makes the ledger longer than 256 KiB, and so split: the first part has old entries only. */
export const late = toService('late', 300);
/** Has a problem, so that there is an Event. */
export const greedy = toService('greedy', 1, { 'fairlead.dev/request-port.1000': '1' });
/** The same without the problem. */
export const modest = toService('greedy', 1);
/** So many ports that their ledger is just short enough not to be split. */
export const large = toService('n'.repeat(63), 800);
