import { stringify } from 'yaml';

const gatewayApi = 'gateway.networking.k8s.io/v1';

type Fields = Readonly<Record<string, unknown>>;

/** Objects as the text of one manifest. */
export function toText(...objects: readonly object[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}

/** The class of Fairlead, and the Gateway `edge` of namespace `shop` with these listeners; default one of HTTP on port 80. */
export function toGateway(
  listeners: readonly Fields[] = [{ name: 'http', port: 80, protocol: 'HTTP' }],
  more: Fields = {},
): readonly object[] {
  return [
    {
      apiVersion: gatewayApi,
      kind: 'GatewayClass',
      metadata: { name: 'fairlead' },
      spec: { controllerName: 'fairlead.dev/gateway-controller' },
    },
    {
      apiVersion: gatewayApi,
      kind: 'Gateway',
      metadata: { name: 'edge', namespace: 'shop' },
      spec: { gatewayClassName: 'fairlead', listeners, ...more },
    },
  ];
}

export interface RouteOptions {
  /** Default HTTPRoute. */
  readonly kind?: string;
  readonly hostnames?: readonly string[];
  /** Of the listener; default all of the Gateway. */
  readonly sectionName?: string;
  readonly created?: string;
}

/** A route of namespace `shop` that is attached to the Gateway `edge`. */
export function toRoute(name: string, rules: readonly Fields[], options: RouteOptions = {}): object {
  const { kind = 'HTTPRoute', hostnames, sectionName, created } = options;
  return {
    apiVersion: gatewayApi,
    kind,
    metadata: { name, namespace: 'shop', ...(created !== undefined && { creationTimestamp: created }) },
    spec: {
      parentRefs: [{ name: 'edge', ...(sectionName !== undefined && { sectionName }) }],
      ...(hostnames && { hostnames }),
      rules,
    },
  };
}

/** A rule for the paths below one, to Services of port 80, each as `name` or with more of its `backendRef`. */
export function toRule(
  path: string,
  filters: readonly Fields[],
  ...backends: readonly (Fields | string)[]
): Fields {
  return {
    matches: [{ path: { value: path } }],
    ...(filters.length > 0 && { filters }),
    backendRefs: backends.map(toBackendRef),
  };
}

/** A `backendRef` to port 80 of a Service. */
export function toBackendRef(backend: Fields | string): Fields {
  return typeof backend === 'string' ? { name: backend, port: 80 } : { port: 80, ...backend };
}

export interface ServiceOptions {
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Of the Service's port, such as `{appProtocol: 'kubernetes.io/h2c'}`. */
  readonly port?: Fields;
}

/** A Service with the port 80, and its endpoint at port 8080 of an address; without one it has none. */
export function toService(name: string, address?: string, options: ServiceOptions = {}): readonly object[] {
  const { namespace = 'shop', annotations = {}, port = {} } = options;
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, annotations },
      spec: { ports: [{ name: 'http', port: 80, targetPort: 8080, ...port }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080 }],
      endpoints: address === undefined ? [] : [{ addresses: [address] }],
    },
  ];
}
