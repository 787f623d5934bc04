import type { Aged, ObjectKey, ObjectRef } from '../model/object-ref.ts';
import type { PoolProtocol, Port } from '../model/port.ts';
import type { PortClaim } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { Stage } from '../annotations/directives.ts';
import type { HttpMiddleware } from '../traefik/http-middleware.ts';
import type { LoadBalancer } from '../traefik/http-service.ts';
import type { ServersTransport, TcpServersTransport } from '../traefik/servers-transport.ts';
import type { TcpMiddleware } from '../traefik/tcp.ts';

/** Where in Traefik's configuration something stands, made of names that only its owner can have. */
export interface Named<T> {
  readonly key: string;
  readonly value: T;
}

export interface ChainLink<M> extends Named<M> {
  readonly stage: Stage;
  readonly whenTls?: true;
}

/** A path of a rule. `Prefix` is element by element, as the Ingress specification has it, and has no trailing slash but for `/`. */
export interface PathMatch {
  readonly type: 'Exact' | 'Prefix';
  readonly value: string;
}

export interface HttpBackend {
  readonly service: Named<LoadBalancer>;
  readonly transport?: Named<ServersTransport>;
}

export type RouteTls = { readonly certResolver?: string };

/** HTTP requests of one host and path of one fleet, and where they go. */
export interface HttpRoute {
  readonly kind: 'http';
  readonly owner: Aged;
  /** What in the owner asks for it, such as `spec.rules[0].http.paths[1]`. */
  readonly field: string;
  readonly fleet: string;
  /** Lower case; `*.example.com` for any one label; null for any host. */
  readonly host: string | null;
  readonly path: PathMatch;
  /** Below everything else of its host: a default backend. */
  readonly fallback: boolean;
  /** Set: served over TLS too. */
  readonly tls?: RouteTls;
  readonly chain: readonly ChainLink<HttpMiddleware>[];
  /** Null: whatever it should reach is not there or must not be reached, so it answers 503. */
  readonly backend: HttpBackend | null;
}

/** One server of a TCP or UDP port, with its share of the connections. */
export interface WeightedAddress {
  readonly address: string;
  readonly weight: number;
}

/** Connections to one pool port that the ledger holds for its owner, and where they go. */
export interface PortRoute {
  readonly kind: 'port';
  readonly owner: Aged;
  readonly field: string;
  readonly fleet: string;
  readonly protocol: PoolProtocol;
  readonly port: Port;
  readonly servicePort: number;
  /** Names the router and the service. */
  readonly key: string;
  /** Empty: connections are refused. */
  readonly servers: readonly WeightedAddress[];
  readonly chain: readonly ChainLink<TcpMiddleware>[];
  readonly transport?: Named<TcpServersTransport>;
}

/** A certificate that the owner brings for its hosts. */
export interface CertificateIntent {
  readonly kind: 'certificate';
  readonly owner: Aged;
  readonly field: string;
  readonly fleet: string;
  readonly secret: ObjectRef;
  /** The names in the certificate, sorted: Traefik keeps one certificate for each such list. */
  readonly names: readonly string[];
  readonly certFile: string;
  readonly keyFile: string;
}

/** The certificate of a fleet for the hosts that have none of their own. */
export interface DefaultCertificate {
  readonly kind: 'default-certificate';
  /** The Secret. */
  readonly owner: Aged;
  readonly field: string;
  readonly fleet: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export type Intent = CertificateIntent | DefaultCertificate | HttpRoute | PortRoute;

/** Everything that one object of a source, or what a fleet asks for, comes to. */
export interface Translation {
  readonly unit: ObjectKey;
  /** The fleets that serve it; none when it is not Fairlead's to serve. */
  readonly fleets: readonly string[];
  readonly intents: readonly Intent[];
  readonly portClaims: readonly PortClaim[];
  readonly problems: readonly Problem[];
}

/** What an object comes to that is not there, not routed or not ours. */
export function toEmptyTranslation(unit: ObjectKey): Translation {
  return { unit, fleets: [], intents: [], portClaims: [], problems: [] };
}

/** What two objects cannot both have: the elder gets it. Undefined for what the ledger decides, or the settings of the fleet. */
export function toClaimKey(intent: Intent): string | undefined {
  switch (intent.kind) {
    case 'http':
      return `http|${intent.fleet}|${intent.host ?? ''}|${intent.fallback ? 'fallback' : intent.path.type}|${intent.path.value}`;
    case 'certificate':
      return `certificate|${intent.fleet}|${intent.names.join(',')}`;
    case 'default-certificate':
    case 'port':
      return undefined;
  }
}
