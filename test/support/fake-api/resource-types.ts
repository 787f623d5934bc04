import type { Json } from './json.ts';

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

const builtIn: readonly ResourceType[] = [
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

/** The kinds of a server, custom resources among them. */
export class ResourceTypes {
  #types = builtIn;

  /** Installs a custom resource of the Gateway API in these versions only; in none it is not there. */
  serve(plural: string, kind: string, versions: readonly string[], ...traits: readonly string[]): void {
    const others = this.#types.filter((each) => each.plural !== plural);
    const group = 'gateway.networking.k8s.io';
    this.#types = [...others, ...versions.map((each) => toType(`${group}/${each}`, plural, kind, ...traits))];
  }

  /** What a group (`/apis/GROUP`) or a version of it (`/apis/GROUP/VERSION`) has; undefined for other paths, and where there is none. */
  discover(path: string): Json | undefined {
    const asked = /^\/apis\/([^/]+(?:\/[^/]+)?)$/.exec(path)?.[1];
    if (asked === undefined) return undefined;
    const found = this.#types.filter(
      ({ apiVersion }) => apiVersion === asked || apiVersion.startsWith(`${asked}/`),
    );
    if (found.length === 0) return undefined;
    if (asked.includes('/'))
      return {
        kind: 'APIResourceList',
        groupVersion: asked,
        resources: found.map(({ plural }) => ({ name: plural })),
      };
    const versions = [...new Set(found.map(({ apiVersion }) => apiVersion))];
    return { kind: 'APIGroup', name: asked, versions: versions.map((groupVersion) => ({ groupVersion })) };
  }

  /** Undefined for what is not served. */
  toTarget(path: string): Target | undefined {
    return toTarget(path, this.#types);
  }
}

function toTarget(path: string, types: readonly ResourceType[]): Target | undefined {
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
