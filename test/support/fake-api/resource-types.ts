/** A kind of object that the fake serves. */
export interface ResourceType {
  /** `v1`, or group and version. */
  readonly apiVersion: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Whether it has a status of its own, at `/status`. */
  readonly hasStatus: boolean;
}

/** What a request is about. */
export interface Target {
  readonly type: ResourceType;
  /** Empty: all, or the kind has none. */
  readonly namespace: string;
  /** Empty: the collection. */
  readonly name: string;
  readonly subresource: string;
}

function toType(
  apiVersion: string,
  plural: string,
  kind: string,
  ...traits: readonly string[]
): ResourceType {
  const [namespaced, hasStatus] = [!traits.includes('cluster'), traits.includes('status')];
  return { apiVersion, plural, kind, namespaced, hasStatus };
}

const types: readonly ResourceType[] = [
  toType('v1', 'namespaces', 'Namespace', 'cluster', 'status'),
  toType('v1', 'nodes', 'Node', 'cluster', 'status'),
  toType('v1', 'services', 'Service', 'status'),
  toType('v1', 'configmaps', 'ConfigMap'),
  toType('v1', 'secrets', 'Secret'),
  toType('v1', 'endpoints', 'Endpoints'),
  toType('networking.k8s.io/v1', 'ingresses', 'Ingress', 'status'),
  toType('networking.k8s.io/v1', 'ingressclasses', 'IngressClass', 'cluster'),
  toType('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  toType('coordination.k8s.io/v1', 'leases', 'Lease'),
  toType('events.k8s.io/v1', 'events', 'Event'),
];

/** Undefined for what is not served. */
export function toTarget(path: string): Target | undefined {
  const match = /^\/(?:api|apis)\/(?<rest>.+)$/.exec(path)?.groups?.['rest'];
  const type = types.find(({ apiVersion }) => match?.startsWith(`${apiVersion}/`));
  if (match === undefined || type === undefined) return undefined;
  const parts = match.slice(type.apiVersion.length + 1).split('/');
  const namespace = parts[0] === 'namespaces' && parts.length > 2 ? (parts[1] ?? '') : '';
  const [plural, name = '', subresource = ''] = namespace === '' ? parts : parts.slice(2);
  const found = types.find((each) => each.apiVersion === type.apiVersion && each.plural === plural);
  if (found === undefined || (subresource !== '' && !(subresource === 'status' && found.hasStatus)))
    return undefined;
  return { type: found, namespace, name, subresource };
}
