import type { EndpointSlice, Endpoints, Kind, ObjectOf, SourceObject } from '../model/objects.ts';
import { configMap } from './config-map.ts';
import { endpointSlice } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { backendTlsPolicy } from './gateway/backend-tls-policy.ts';
import { customResourceDefinition } from './gateway/definition.ts';
import { gatewayClass } from './gateway/gateway-class.ts';
import { gateway } from './gateway/gateway.ts';
import { grpcRoute } from './gateway/grpc-route.ts';
import { httpRoute } from './gateway/http-route.ts';
import { listenerSet } from './gateway/listener-set.ts';
import { tcpRoute, udpRoute } from './gateway/port-routes.ts';
import { tlsRoute } from './gateway/tls-route.ts';
import { ingressClass } from './ingress-class.ts';
import { ingress } from './ingress.ts';
import type { KindDefinition, WatchedKind } from './kind.ts';
import { namespace } from './namespace.ts';
import { referenceGrant } from './reference-grant.ts';
import { secret } from './secret.ts';
import { service } from './service.ts';

/** Every kind that Fairlead reads, sorted. */
export const kinds = {
  BackendTLSPolicy: backendTlsPolicy,
  ConfigMap: configMap,
  CustomResourceDefinition: customResourceDefinition,
  EndpointSlice: endpointSlice,
  Endpoints: endpoints,
  GRPCRoute: grpcRoute,
  Gateway: gateway,
  GatewayClass: gatewayClass,
  HTTPRoute: httpRoute,
  Ingress: ingress,
  IngressClass: ingressClass,
  ListenerSet: listenerSet,
  Namespace: namespace,
  ReferenceGrant: referenceGrant,
  Secret: secret,
  Service: service,
  TCPRoute: tcpRoute,
  TLSRoute: tlsRoute,
  UDPRoute: udpRoute,
} as const satisfies { readonly [K in Kind]: KindDefinition<K> };

/** The same as a list. */
export const allKinds: readonly KindDefinition[] = Object.values(kinds);

/** What a cluster source reads. */
export const watchedKinds: readonly WatchedKind[] = allKinds.filter(isWatched);

type RoutedKind = {
  [K in Kind]: (typeof kinds)[K] extends KindDefinition<K, true> ? K : never;
}[Kind];

/** An object that routes are made of. */
export type RoutedObject = ObjectOf<RoutedKind>;

export function isRouted(object: SourceObject): object is RoutedObject {
  return kinds[object.kind].routed;
}

/** Whether an object is endpoints with annotations of Fairlead: no routes are made of it, but what it asks for has to be used. */
export function isAnnotatedEndpoints(object: SourceObject): object is EndpointSlice | Endpoints {
  const { kind, meta } = object;
  return (kind === 'EndpointSlice' || kind === 'Endpoints') && Object.keys(meta.annotations).length > 0;
}

/** Whether a text is the name of a kind, as objects have it. */
export function isKind(name: string): name is Kind {
  return Object.hasOwn(kinds, name);
}

const byName = new Map(
  allKinds.flatMap((each) =>
    [each.kind, each.plural, ...each.shortNames].map((name) => [name.toLowerCase(), each] as const),
  ),
);

/** The kind that a user means: by its name, plural or short name, in any case. */
export function findKind(name: string): KindDefinition | undefined {
  return byName.get(name.toLowerCase());
}

function isWatched(kind: KindDefinition): kind is WatchedKind {
  return kind.cluster !== undefined;
}
