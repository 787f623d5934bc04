import type { NamedRef } from './gateway-specs.ts';

/**
 * What the routes of the Gateway API and the policies beside them say, narrowed to what Fairlead uses. Durations are in milliseconds.
 * https://gateway-api.sigs.k8s.io/reference/spec/
 */

/** The Gateway or ListenerSet that a route attaches itself to, or one listener of it. */
export interface ParentRef extends NamedRef {
  readonly sectionName?: string;
  readonly port?: number;
}

/** What every route has. */
export interface RouteSpec {
  readonly parentRefs: readonly ParentRef[];
}

/** What routes for hosts have. */
interface NamedRouteSpec extends RouteSpec {
  /** Lower case; empty: those of its listeners. */
  readonly hostnames: readonly string[];
}

/** Where requests or connections go, and how large a share of them. One that cannot be read has an empty name: there is no such Service. */
export interface BackendRef extends NamedRef {
  readonly port?: number;
  /** 0 to 1,000,000. */
  readonly weight: number;
}

export interface HttpBackendRef extends BackendRef {
  readonly filters: readonly RouteFilter[];
}

export interface HeaderValue {
  readonly name: string;
  readonly value: string;
}

export type PathModifier =
  | { readonly type: 'ReplaceFullPath'; readonly replaceFullPath: string }
  | { readonly type: 'ReplacePrefixMatch'; readonly replacePrefixMatch: string };

export interface HeaderFilter {
  readonly type: 'RequestHeaderModifier' | 'ResponseHeaderModifier';
  readonly set: readonly HeaderValue[];
  readonly add: readonly HeaderValue[];
  readonly remove: readonly string[];
  readonly field: string;
}

export interface RedirectFilter {
  readonly type: 'RequestRedirect';
  readonly scheme?: string;
  readonly hostname?: string;
  readonly path?: PathModifier;
  readonly port?: number;
  readonly statusCode: number;
  readonly field: string;
}

export interface RewriteFilter {
  readonly type: 'URLRewrite';
  readonly hostname?: string;
  readonly path?: PathModifier;
  readonly field: string;
}

export interface MirrorFilter {
  readonly type: 'RequestMirror';
  readonly backendRef: BackendRef;
  /** The share of requests that are mirrored: `numerator` of `denominator`. */
  readonly fraction: { readonly numerator: number; readonly denominator: number };
  readonly field: string;
}

export interface CorsFilter {
  readonly type: 'CORS';
  readonly allowOrigins: readonly string[];
  readonly allowCredentials: boolean;
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  /** Seconds. */
  readonly maxAge: number;
  readonly field: string;
}

export interface ExtensionFilter {
  readonly type: 'ExtensionRef';
  readonly ref: NamedRef;
  readonly field: string;
}

/** One that is known, and cannot be carried out, or is not known; or one that cannot be read, which the reader has reported. */
export interface OtherFilter {
  readonly type: 'other';
  /** As it is written, such as `ExternalAuth`; empty where it, or a condition of the rule, cannot be read. */
  readonly name: string;
  readonly field: string;
}

/** Filters of an HTTPRoute or a GRPCRoute. */
export type RouteFilter =
  CorsFilter | ExtensionFilter | HeaderFilter | MirrorFilter | OtherFilter | RedirectFilter | RewriteFilter;

/** `RegularExpression` is RE2, as Traefik reads it. */
export interface TextMatch {
  readonly type: 'Exact' | 'RegularExpression';
  readonly name: string;
  readonly value: string;
}

export interface HttpRouteMatch {
  readonly path: {
    readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression';
    readonly value: string;
  };
  readonly headers: readonly TextMatch[];
  readonly queryParams: readonly TextMatch[];
  readonly method?: string;
  readonly field: string;
}

export interface SessionPersistence {
  readonly type: 'Cookie' | 'Header';
  readonly sessionName?: string;
  /** Of the cookie. */
  readonly path?: string;
  readonly absoluteTimeout?: number;
  readonly idleTimeout?: number;
  readonly lifetime: 'Permanent' | 'Session';
  readonly field: string;
}

/** What is common to the rules of an HTTPRoute and a GRPCRoute. */
interface RequestRule {
  readonly name?: string;
  readonly filters: readonly RouteFilter[];
  readonly backendRefs: readonly HttpBackendRef[];
  readonly sessionPersistence?: SessionPersistence;
  readonly field: string;
}

export interface HttpRouteRule extends RequestRule {
  /** At least one. */
  readonly matches: readonly HttpRouteMatch[];
  readonly timeouts: { readonly request?: number; readonly backendRequest?: number };
  readonly retry?: {
    readonly codes: readonly number[];
    readonly attempts?: number;
    readonly backoff?: number;
    readonly field: string;
  };
}

export interface HttpRouteSpec extends NamedRouteSpec {
  readonly rules: readonly HttpRouteRule[];
}

export interface GrpcRouteMatch {
  /** Absent: every method. */
  readonly method?: {
    readonly type: 'Exact' | 'RegularExpression';
    readonly service?: string;
    readonly method?: string;
  };
  readonly headers: readonly TextMatch[];
  readonly field: string;
}

export interface GrpcRouteRule extends RequestRule {
  /** At least one. */
  readonly matches: readonly GrpcRouteMatch[];
}

export interface GrpcRouteSpec extends NamedRouteSpec {
  readonly rules: readonly GrpcRouteRule[];
}

/** The one rule of a TCPRoute, a UDPRoute or a TLSRoute. */
export interface PortRule {
  readonly name?: string;
  readonly backendRefs: readonly BackendRef[];
  readonly field: string;
}

export interface PortRouteSpec extends RouteSpec {
  /** The API server takes one; what is more is left out and reported. */
  readonly rules: readonly PortRule[];
}

export interface TlsRouteSpec extends NamedRouteSpec, PortRouteSpec {}

export interface BackendTlsPolicySpec {
  readonly targetRefs: readonly (NamedRef & { readonly sectionName?: string })[];
  readonly validation: {
    readonly caCertificateRefs: readonly NamedRef[];
    /** Such as `System`. */
    readonly wellKnownCACertificates?: string;
    readonly hostname: string;
    readonly subjectAltNames: readonly {
      readonly type: 'Hostname' | 'URI';
      readonly value: string;
    }[];
  };
}
