import type { Manifest } from './apiserver.ts';
import type { Tenant } from './tenants.ts';

/** What of a tenant may ask for pool ports: its Service, listeners of its own, or a TCPRoute for each port. */
export const askers = ['Service', 'Gateway', 'ListenerSet', 'TCPRoute'] as const;

const apiVersion = 'gateway.networking.k8s.io/v1';
/** The Gateway that ListenerSets and TCPRoutes of tenants name. */
const shared = 'shared';

type Annotations = NonNullable<Manifest['metadata']['annotations']>;

/** What the tenants of a namespace share: a class, and a Gateway on which they may have listeners and ask by routes. */
export function toSharedGateway(of: string): readonly Manifest[] {
  const controllerName = 'fairlead.dev/gateway-controller';
  return [
    { apiVersion, kind: 'GatewayClass', metadata: { name: 'fairlead' }, spec: { controllerName } },
    toGatewayObject(
      'Gateway',
      of,
      shared,
      {
        gatewayClassName: 'fairlead',
        allowedListeners: { namespaces: { from: 'Same' } },
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      },
      { 'fairlead.dev/allocate-ports-for': 'Same' },
    ),
  ];
}

/** All objects of a tenant: its Service with one endpoint, and what asks in its place. */
export function toObjects(of: string, tenant: Tenant): readonly Manifest[] {
  const { by = 'Service', name } = tenant;
  const objects = [toService(of, tenant), toSlice(of, tenant)];
  const routes = tenant.ports.map((port) => toRoute(of, tenant, port));
  const listeners = tenant.ports.map((port, index) => ({
    name: `p${port}`,
    protocol: 'TCP',
    // A placeholder.
    port: index + 1,
  }));
  switch (by) {
    case 'Service':
      return objects;
    case 'TCPRoute':
      return [...objects, ...routes];
    case 'Gateway': {
      const spec = { gatewayClassName: 'fairlead', listeners };
      return [...objects, toGatewayObject(by, of, name, spec, toAskingListeners(tenant)), ...routes];
    }
    case 'ListenerSet': {
      const spec = { parentRef: { name: shared }, listeners };
      return [...objects, toGatewayObject(by, of, name, spec, toAskingListeners(tenant)), ...routes];
    }
  }
}

/** The object that asks for one of the tenant's ports, as reports name it, and that port as the annotation with the number does. */
export function toAsking(
  { by = 'Service', name }: Tenant,
  port: number,
  of: string,
): readonly [string, string] {
  switch (by) {
    case 'Service':
      return [`Service/${of}/${name}`, String(port)];
    case 'TCPRoute':
      return [`TCPRoute/${of}/${name}-${port}`, 'port'];
    case 'Gateway':
    case 'ListenerSet':
      return [`${by}/${of}/${name}`, `p${port}`];
  }
}

function toAskingListeners({ ports, exposed, requested }: Tenant): Annotations {
  return {
    ...(exposed && { 'fairlead.dev/allocate-port': ports.map((port) => `p${port}`).join() }),
    ...toRequest(`p${ports[0]}`, requested),
  };
}

/** A route to one port of the Service: attached to the listener for it, or asking itself. */
function toRoute(of: string, { by, name, ports, exposed, requested }: Tenant, port: number): Manifest {
  const asks = by === 'TCPRoute';
  return toGatewayObject(
    'TCPRoute',
    of,
    `${name}-${port}`,
    {
      parentRefs: [asks ? { name: shared } : { kind: by, name, sectionName: `p${port}` }],
      rules: [{ backendRefs: [{ name, port }] }],
    },
    {
      ...(asks && exposed && { 'fairlead.dev/expose': 'true' }),
      ...(asks && port === ports[0] && toRequest('port', requested)),
    },
  );
}

function toGatewayObject(
  kind: string,
  namespace: string,
  name: string,
  spec: object,
  annotations: Annotations,
): Manifest {
  return { apiVersion, kind, metadata: { name, namespace, annotations }, spec };
}

function toRequest(port: string, requested: number | undefined): Annotations {
  return requested === undefined ? {} : { [`fairlead.dev/request-port.${port}`]: String(requested) };
}

function toService(of: string, { by = 'Service', name, ports, exposed, requested }: Tenant): Manifest {
  const annotations = {
    ...(exposed && { 'fairlead.dev/expose': 'true' }),
    ...toRequest(String(ports[0]), requested),
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: of, annotations: by === 'Service' ? annotations : {} },
    spec: { ports: ports.map((port) => ({ name: `p${port}`, port, protocol: 'TCP' })) },
  };
}

function toSlice(of: string, { name, ports, address }: Tenant): Manifest {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: of, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: ports.map((port) => ({ name: `p${port}`, port, protocol: 'TCP' })),
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
  };
}
