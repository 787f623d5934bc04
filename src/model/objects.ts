import type { GatewayClassSpec, GatewaySpec, ListenerSetSpec } from './gateway-specs.ts';
import type {
  BackendTlsPolicySpec,
  GrpcRouteSpec,
  HttpRouteSpec,
  PortRouteSpec,
  TlsRouteSpec,
} from './route-specs.ts';

/** Which object of which source. An object without a namespace (IngressClass) has the empty string there. */
export interface ObjectRef {
  readonly source: string;
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

/** What decides who came first: the older object, then namespace, name and source in code-unit order. */
export interface Aged {
  readonly ref: ObjectRef;
  /**
   * Sorts by age as text. Of an object of a cluster the `metadata.creationTimestamp` that the API server gave it, RFC 3339 in UTC; of an
   * object of a folder see `toClaimedAge`. Without it an object counts as the youngest.
   */
  readonly created?: string;
}

/**
 * What is kept of `metadata`. Labels and the last applied configuration are not, nor are managed fields but for `written`;
 * annotations only of kinds where some mean something to Fairlead.
 */
export interface Meta extends Aged {
  readonly ref: ObjectRef;
  readonly uid?: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The keys of the annotations that Fairlead itself has written, as the API server recorded it. Absent: none. */
  readonly written?: readonly string[];
}

export type TransportProtocol = 'TCP' | 'UDP' | 'SCTP';

/** A port by its name or by its number, as `targetPort` and an Ingress backend have it. */
export type PortReference = string | number;

export interface ServicePort {
  /** Empty for the unnamed port of a Service that has one port only. */
  readonly name: string;
  readonly port: number;
  readonly protocol: TransportProtocol;
  readonly targetPort?: PortReference;
  readonly appProtocol?: string;
  readonly nodePort?: number;
}

export type IpFamily = 'IPv4' | 'IPv6';

export interface Service {
  readonly kind: 'Service';
  readonly meta: Meta;
  /** The labels as `key=value`: with several on each of ten thousand Services, records would be megabytes. Absent: none. */
  readonly labelPairs?: readonly string[];
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** The first cluster IP; absent for a headless Service and for one that has none yet. */
  readonly clusterIP?: string;
  /** Of a dual-stack Service, the cluster IP of the other family. */
  readonly secondClusterIP?: string;
  /** The first of `spec.ipFamilies`. */
  readonly ipFamily?: IpFamily;
  readonly headless: boolean;
  readonly externalName?: string;
  /** Without a selector all endpoints are written by hand: addresses that are not pods, such as virtual machines. */
  readonly hasSelector: boolean;
  readonly ports: readonly ServicePort[];
  /** `spec.externalIPs`; absent when there are none. */
  readonly externalIPs?: readonly string[];
  /** `status.loadBalancer.ingress`; absent when there is none. */
  readonly loadBalancer?: readonly IngressAddress[];
}

export interface EndpointPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: TransportProtocol;
}

/** One endpoint; or several without a hostname that stand side by side and differ in nothing but their addresses. */
export interface Endpoint {
  readonly addresses: readonly string[];
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly hostname?: string;
  /** The zones whose traffic it is meant for, by `hints.forZones`. */
  readonly zones?: readonly string[];
}

/** Endpoints that share their ports: an EndpointSlice, or one subset of an Endpoints object. */
export interface EndpointGroup {
  /** Of the EndpointSlice, or of the Endpoints object. */
  readonly meta: Meta;
  readonly addressType: IpFamily | 'FQDN';
  /**
   * Set when its label does not say that Kubernetes itself made it for the pods of its Service. Absent otherwise, and in files of
   * `lastKnownGood` that are older than this field: the selector of the Service alone decides there, as it did then.
   */
  readonly byHand?: true;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface EndpointSlice extends EndpointGroup {
  readonly kind: 'EndpointSlice';
  /** The name of the Service, in the namespace of the slice; undefined for a slice that belongs to none. */
  readonly service?: string;
}

/** Belongs to the Service of its name. Read from folders only: a cluster copies it into EndpointSlices. */
export interface Endpoints {
  readonly kind: 'Endpoints';
  readonly meta: Meta;
  readonly groups: readonly EndpointGroup[];
}

/** What an Ingress path or default backend points to. */
export type IngressBackend =
  | { readonly kind: 'service'; readonly name: string; readonly port: PortReference }
  | { readonly kind: 'resource' }
  /** It cannot be read, which the reader has reported: the path is there, and leads nowhere. */
  | { readonly kind: 'malformed' };

export interface IngressPath {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  /** Where it stands in the object, such as `spec.rules[0].http.paths[1]`, for problems. */
  readonly field: string;
  readonly backend: IngressBackend;
}

export interface IngressRule {
  /** Absent: any host. */
  readonly host?: string;
  /** Such as `spec.rules[0]`. */
  readonly field: string;
  readonly paths: readonly IngressPath[];
}

export interface IngressTls {
  readonly hosts: readonly string[];
  readonly secretName?: string;
  /** Such as `spec.tls[0]`. */
  readonly field: string;
}

/** One entry of `status.loadBalancer.ingress` of an Ingress or a Service; exactly one of the two is set. */
export interface IngressAddress {
  readonly ip?: string;
  readonly hostname?: string;
}

export interface Ingress {
  readonly kind: 'Ingress';
  readonly meta: Meta;
  readonly className?: string;
  readonly defaultBackend?: IngressBackend;
  readonly rules: readonly IngressRule[];
  readonly tls: readonly IngressTls[];
  /** What its status says now. Nothing is routed by it: it is compared with what it should say. */
  readonly addresses: readonly IngressAddress[];
}

export interface IngressClass {
  readonly kind: 'IngressClass';
  readonly meta: Meta;
  readonly controller: string;
  /** Of an Ingress that names no class. */
  readonly isDefault?: true;
}

/** A Secret, with the values decoded to text. Only the keys that Fairlead uses are kept. */
export interface Secret {
  readonly kind: 'Secret';
  readonly meta: Meta;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface ConfigMap {
  readonly kind: 'ConfigMap';
  readonly meta: Meta;
  readonly data: Readonly<Record<string, string>>;
  /** It has more text than is kept of one (128 KiB), so `data` is empty. */
  readonly tooLarge?: true;
}

/** That of GatewayClasses: of others nothing is kept. */
export interface CustomResourceDefinition {
  readonly kind: 'CustomResourceDefinition';
  readonly meta: Meta;
  /** The release of the Gateway API that it is part of, such as `v1.6.1`. Absent: it does not say. */
  readonly bundleVersion?: string;
}

export interface Namespace {
  readonly kind: 'Namespace';
  readonly meta: Meta;
  /** With `kubernetes.io/metadata.name`, which holds its name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What a ReferenceGrant speaks of; the group of the core is the empty text. */
export interface GrantedKind {
  readonly group: string;
  readonly kind: string;
}

/** Lets objects of other namespaces refer to those of its own. */
export interface ReferenceGrant {
  readonly kind: 'ReferenceGrant';
  readonly meta: Meta;
  readonly from: readonly (GrantedKind & { readonly namespace: string })[];
  /** Without a name: all of that kind. */
  readonly to: readonly (GrantedKind & { readonly name?: string })[];
}

/** An object whose `status` Fairlead answers in. */
interface Answered {
  readonly meta: Meta;
  /** `metadata.generation`, which every condition of its status names; 0 where there is none, as in folders. */
  readonly generation: number;
  /** `metadata.resourceVersion`; absent in folders. */
  readonly version?: string;
  /** Its status as it stands, entries of other controllers among it. Nothing is routed by it: it is compared with what it should be. */
  readonly status: Readonly<Record<string, unknown>>;
  /** It has more text than is kept of one (64 KiB), so `status` is empty: nothing may be written to it, since the others' entries would be lost. */
  readonly statusTooLarge?: true;
}

export interface GatewayClass extends GatewayClassSpec, Answered {
  readonly kind: 'GatewayClass';
}

export interface Gateway extends GatewaySpec, Answered {
  readonly kind: 'Gateway';
}

/** Listeners that a namespace adds to a Gateway of another one. */
export interface ListenerSet extends ListenerSetSpec, Answered {
  readonly kind: 'ListenerSet';
}

export interface HTTPRoute extends HttpRouteSpec, Answered {
  readonly kind: 'HTTPRoute';
}

export interface GRPCRoute extends GrpcRouteSpec, Answered {
  readonly kind: 'GRPCRoute';
}

export interface TLSRoute extends TlsRouteSpec, Answered {
  readonly kind: 'TLSRoute';
}

export interface TCPRoute extends PortRouteSpec, Answered {
  readonly kind: 'TCPRoute';
}

export interface UDPRoute extends PortRouteSpec, Answered {
  readonly kind: 'UDPRoute';
}

/** Any route of the Gateway API. */
export type GatewayRoute = GRPCRoute | HTTPRoute | TCPRoute | TLSRoute | UDPRoute;

/** How TLS is spoken to the Services that it names. */
export interface BackendTLSPolicy extends BackendTlsPolicySpec, Answered {
  readonly kind: 'BackendTLSPolicy';
}

/** Whatever of the Gateway API is answered in its status. */
export type GatewayObject = BackendTLSPolicy | Gateway | GatewayClass | GatewayRoute | ListenerSet;

/** Every kind that a source delivers, narrowed to what Fairlead uses and never changed after it was read. */
export type SourceObject =
  | BackendTLSPolicy
  | ConfigMap
  | CustomResourceDefinition
  | EndpointSlice
  | Endpoints
  | GRPCRoute
  | Gateway
  | GatewayClass
  | HTTPRoute
  | Ingress
  | IngressClass
  | ListenerSet
  | Namespace
  | ReferenceGrant
  | Secret
  | Service
  | TCPRoute
  | TLSRoute
  | UDPRoute;

/** The kinds of Kubernetes objects that Fairlead reads. What else is to be known of each stands in `src/kinds`. */
export type Kind = SourceObject['kind'];

type ObjectsByKind = { readonly [K in Kind]: Extract<SourceObject, { readonly kind: K }> };

/** The objects of one kind. */
export type ObjectOf<K extends Kind> = ObjectsByKind[K];
