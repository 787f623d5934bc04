import type { ImportedPort } from './imported-port.ts';
import type { ObjectRef } from './object-ref.ts';
import type {
  BackendTLSPolicy,
  ConfigMap,
  EndpointGroup,
  GRPCRoute,
  HTTPRoute,
  Ingress,
  IngressClass,
  Kind,
  ListenerSet,
  Namespace,
  ObjectOf,
  ReferenceGrant,
  Secret,
  Service,
  SourceObject,
  TCPRoute,
  TLSRoute,
} from './objects.ts';
import type { HeldPort, Holder } from './ports.ts';

/**
 * What a translator may look at, and nothing else. The pipeline hands out a view that records what was looked up:
 * the result of a translation is kept until something that it looked up changes.
 * All look-ups stay within one source: an Ingress of one cluster never reaches a Service of another. Only a move may lead to one
 * that says so itself (`translate/moves`).
 */
export interface View {
  /** Any object by its name; `namespace` is empty for a kind that has none. */
  find<K extends Kind>(kind: K, source: string, namespace: string, name: string): ObjectOf<K> | undefined;
  service(source: string, namespace: string, name: string): Service | undefined;
  configMap(source: string, namespace: string, name: string): ConfigMap | undefined;
  secret(source: string, namespace: string, name: string): Secret | undefined;
  ingressClass(source: string, name: string): IngressClass | undefined;
  /** Of several that say they are the default, the one that Kubernetes takes. */
  defaultIngressClass(source: string): IngressClass | undefined;
  /** Undefined also where a folder has its objects, but no manifest of the namespace itself. */
  namespace(source: string, name: string): Namespace | undefined;
  /** The canary Ingresses of a namespace that have a host, as Ingresses write it; the eldest first. */
  canariesAt(source: string, namespace: string, host: string): readonly Ingress[];
  /** The endpoints of a Service, in the order of the objects that they stand in; those that do not count are left out. */
  slicesOf(service: ObjectRef): readonly EndpointGroup[];
  /** The ReferenceGrants of a namespace. */
  grantsIn(source: string, namespace: string): readonly ReferenceGrant[];
  /** The ListenerSets that want to belong to a Gateway, whether they may or not; the eldest first. */
  listenerSetsOf(gateway: ObjectRef): readonly ListenerSet[];
  /** The BackendTLSPolicies that name a Service; the eldest first. */
  policiesFor(service: ObjectRef): readonly BackendTLSPolicy[];
  /** The routes that have a Service of the same source among their backends; the eldest first. */
  routesTo(service: ObjectRef): readonly (GRPCRoute | HTTPRoute | TCPRoute | TLSRoute)[];
  /**
   * The routes of a kind that name a Gateway or ListenerSet, and a hostname as they have it; the empty one for those without any. The
   * eldest first.
   */
  routesAt<K extends 'GRPCRoute' | 'HTTPRoute'>(
    kind: K,
    parent: ObjectRef,
    hostname: string,
  ): readonly ObjectOf<K>[];
  /** The ports that imports of the configuration give to a Service. */
  importsOf(service: ObjectRef): readonly ImportedPort[];
  /** The pool ports that the ledger durably holds for a Service. */
  heldPorts(holder: Holder): readonly HeldPort[];
  /** The addresses of the endpoints of a Service that fail the checks it asks for. */
  failingEndpoints(service: ObjectRef): readonly string[];
  /** Whether a kind of a source may not be read, and never was: that there is none of it is not known then. */
  isUnread(source: string, kind: Kind): boolean;
}

/** One change that a source reports: the new object, or that there is none any more. */
export type Change =
  | { readonly kind: 'set'; readonly object: SourceObject }
  | { readonly kind: 'delete'; readonly ref: ObjectRef };
