/**
 * What the objects of the Gateway API say about where to listen, narrowed to what Fairlead uses. `field` is where something stands in
 * its object, such as `spec.listeners[0]`, for problems.
 * https://gateway-api.sigs.k8s.io/reference/spec/
 */

/** An object that another one names; the group of the core is the empty text. */
export interface NamedRef {
  readonly group: string;
  readonly kind: string;
  /** Absent: that of the object which names it. */
  readonly namespace?: string;
  /** Empty where the reference cannot be read, which the reader has reported: it means nothing that exists. */
  readonly name: string;
  readonly field: string;
}

export interface GatewayClassSpec {
  readonly controller: string;
  readonly parametersRef?: NamedRef;
}

/** As Kubernetes selects by labels. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'DoesNotExist' | 'Exists' | 'In' | 'NotIn';
    readonly values: readonly string[];
  }[];
}

/** Objects of which namespaces may attach themselves; `None` also where it cannot be read. */
export type AllowedNamespaces =
  | { readonly from: 'All' | 'None' | 'Same' }
  | { readonly from: 'Selector'; readonly selector: LabelSelector };

export interface ListenerTls {
  readonly mode: 'Passthrough' | 'Terminate';
  readonly certificateRefs: readonly NamedRef[];
  /** Whether `tls.options` says anything, which means nothing to Fairlead. */
  readonly hasOptions: boolean;
}

/** One entry of `spec.listeners` of a Gateway or of a ListenerSet. */
export interface Listener {
  /** Unique within its object. */
  readonly name: string;
  /** Lower case; absent: any host. */
  readonly hostname?: string;
  /** 1 to 65535: what clients connect to. */
  readonly port: number;
  /** As it is written: HTTP, HTTPS, TLS, TCP, UDP, or what Fairlead does not know. */
  readonly protocol: string;
  readonly tls?: ListenerTls;
  readonly allowedRoutes: {
    readonly namespaces: AllowedNamespaces;
    /** Empty: those that the protocol is for. */
    readonly kinds: readonly { readonly group: string; readonly kind: string }[];
  };
  readonly field: string;
}

/** What clients have to show. */
export interface FrontendValidation {
  readonly mode: 'AllowInsecureFallback' | 'AllowValidOnly';
  readonly caCertificateRefs: readonly NamedRef[];
}

export interface GatewaySpec {
  readonly className: string;
  readonly listeners: readonly Listener[];
  /** `spec.addresses`; a value may be empty. */
  readonly addresses: readonly { readonly type: string; readonly value: string; readonly field: string }[];
  /** Of which namespaces ListenerSets may attach themselves. */
  readonly allowedListeners: AllowedNamespaces;
  /** `spec.infrastructure.parametersRef`. */
  readonly parametersRef?: NamedRef;
  /** `spec.tls.backend.clientCertificateRef`. */
  readonly clientCertificateRef?: NamedRef;
  /** `spec.tls.frontend`: by default, and in its place for single ports. Absent: nothing is asked of clients. */
  readonly frontend?: {
    readonly default?: FrontendValidation;
    readonly perPort: readonly { readonly port: number; readonly validation?: FrontendValidation }[];
  };
}

export interface ListenerSetSpec {
  readonly parentRef: NamedRef;
  readonly listeners: readonly Listener[];
}
