import type { Kind } from '../model/object-ref.ts';

/** A kind that is read from clusters, and where the API server has it. */
export interface WatchedKind {
  readonly kind: Kind;
  readonly apiVersion: string;
  /** The group, as roles name it; empty for the core. */
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly fieldSelector?: string;
}

/**
 * Secrets that no route can use. They are left out by the server, so that service account tokens, registry passwords and
 * Helm releases (up to a megabyte each) never come here. Opaque ones do: basic authentication and authorities are in them.
 */
const uselessSecrets = [
  'bootstrap.kubernetes.io/token',
  'helm.sh/release.v1',
  'kubernetes.io/dockercfg',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/service-account-token',
  'kubernetes.io/ssh-auth',
];

/** What a cluster source reads. */
export const watchedKinds: readonly WatchedKind[] = [
  { kind: 'Service', apiVersion: 'v1', group: '', plural: 'services', namespaced: true },
  {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    group: 'discovery.k8s.io',
    plural: 'endpointslices',
    namespaced: true,
  },
  {
    kind: 'Ingress',
    apiVersion: 'networking.k8s.io/v1',
    group: 'networking.k8s.io',
    plural: 'ingresses',
    namespaced: true,
  },
  {
    kind: 'IngressClass',
    apiVersion: 'networking.k8s.io/v1',
    group: 'networking.k8s.io',
    plural: 'ingressclasses',
    namespaced: false,
  },
  {
    kind: 'Secret',
    apiVersion: 'v1',
    group: '',
    plural: 'secrets',
    namespaced: true,
    fieldSelector: uselessSecrets.map((type) => `type!=${type}`).join(','),
  },
];

/** The path of the collection; `namespace` is empty for all namespaces. */
export function toCollectionPath({ apiVersion, plural }: WatchedKind, namespace: string): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return namespace === '' ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}
