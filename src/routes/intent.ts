import { createHash } from 'node:crypto';
import type { Aged, ObjectKey, ObjectRef } from '../model/object-ref.ts';
import type { HealthCheck } from '../model/health.ts';
import type { PoolProtocol, Port } from '../model/port.ts';
import type { PortClaim } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { AskedAnnotation } from '../annotations/parts.ts';
import type { DatedCertificate } from '../certificates/expiry.ts';
import type { Validity } from '../certificates/validity.ts';
import type { Stage } from '../annotations/directives.ts';
import type { HttpMiddleware } from '../traefik/http-middleware.ts';
import type { CertificateDomain, RouterObservability } from '../traefik/http-router.ts';
import type { TcpMiddleware } from '../traefik/tcp.ts';
import type { HttpBackend, PortBackend } from './backend.ts';
import { toConditionText, toHostText, type HttpMatch, type NamedHost } from './match.ts';
import type { StatusFacts } from './status.ts';
import type { HostTlsOptions } from './tls-options.ts';
import type { AnnotationUse, Why } from './why.ts';

/** A middleware of a route; the stage says where in the chain it stands. */
export interface Filter<M> {
  /** Where in Traefik's configuration it stands. */
  readonly key: string;
  /** Null: it is defined outside of Fairlead, and the key is its whole name. */
  readonly value: M | null;
  readonly stage: Stage;
  /** Set: only for a route that is served over TLS as well. */
  readonly whenTls?: true;
  readonly use: AnnotationUse;
  /** What the middleware itself asks. */
  readonly backend?: HttpBackend;
}

export interface RouteTls {
  readonly certResolver?: string;
  /** What that resolver is to ask certificates for; absent: the hosts of the rule. */
  readonly domains?: readonly CertificateDomain[];
  /**
   * TLS options. Only for a route with one exact host or, as far as Traefik knows them in `Host`, a wildcard of one label: it finds options
   * by that name, and takes the default ones for all other routes.
   */
  readonly options?: HostTlsOptions;
  /**
   * TLS options that ask nothing of clients, which the host has while nobody asks for any: by them Traefik tells its connections from those
   * of other listeners. The route does as well without.
   */
  readonly apart?: HostTlsOptions;
}

/** How Traefik orders rules: the higher number goes first. */
export interface RuleOrder {
  /** The bytes of the rule as Traefik's own provider writes it. */
  readonly length: number;
  /** What the object asks for in place of that. */
  readonly asked?: number;
}

/** Whoever brought it into the configuration, for whom, and why. */
interface Owned {
  readonly owner: Aged;
  readonly why: Why;
  readonly fleet: string;
}

/** One entryPoint, with or without TLS. */
export interface RoutePlace {
  readonly entryPoint: string;
  readonly isTls: boolean;
  /** Set: it is where routes are served, in the clear or over TLS, that name no place. */
  readonly shared?: 'http' | 'https';
}

/** HTTP requests of one fleet, and where they go. */
export interface HttpRoute extends Owned {
  readonly kind: 'http';
  readonly match: HttpMatch;
  /** Below everything else of its host: a default backend. */
  readonly fallback: boolean;
  /** Set: it says that there is nothing, and gives way to whatever else has its match. The TLS of others does not depend on it. */
  readonly isRest?: true;
  /**
   * Set: for some of the requests of the route that the same object has for the same host and path, told by what else the match asks
   * for. It stands where that one does, and is asked first; of several the one with the highest number.
   */
  readonly branch?: number;
  /**
   * Set: it stands only while no other route has its host. Its owner then counts as the youngest of all, so that it is in nobody's way.
   */
  readonly yields?: true;
  /** Set: it is served there and nowhere else. Absent: on HTTP, and over TLS where its host has TLS. */
  readonly place?: RoutePlace;
  /** Set: its owner asks for TLS. Whether it has TLS is decided with all routes of its host. */
  readonly tls?: RouteTls;
  /** Set: among the routes of its host it is ordered as Traefik orders them; absent: as the specifications do. */
  readonly order?: RuleOrder;
  /**
   * Set: other routes may match the same requests with the same precedence, and then the elder goes first, of one object the one
   * that stands first in it.
   */
  readonly tied?: true;
  /** Who answers for its host, where that is not its owner: the Gateway or ListenerSet that has the listener. */
  readonly tenant?: ObjectRef;
  readonly observability?: RouterObservability;
  /** Outermost first. */
  readonly filters: readonly Filter<HttpMiddleware>[];
  readonly backend: HttpBackend;
}

/** An HTTP route as it is served, once all objects have had their say. */
export interface SettledRoute extends HttpRoute {
  /** Set: served on plain HTTP, through these. */
  readonly plain?: readonly Filter<HttpMiddleware>[];
  /** Set: on plain HTTP it answers 503, since it is for those alone who show a certificate. */
  readonly isShutInClear?: true;
  /** Set: served over TLS too, through these. */
  readonly secured?: SecuredRoute;
  /** What routes by SNI around its host ask of it. */
  readonly beside: BesideSni;
  /** Of those that are tied: the higher goes first. */
  readonly tie?: number;
}

/** What a route is over TLS. */
export interface SecuredRoute extends RouteTls {
  readonly filters: readonly Filter<HttpMiddleware>[];
  /**
   * Set: its host or the wildcard above it has TLS options, and the label that the wildcard stands for is one character here. So the rule has
   * to be longer than that of the wildcard, or chance decides whose options a connection gets.
   */
  readonly isBesideOptions?: true;
  /**
   * Set, of a wildcard that stands for several labels: the TLS options of the hosts one label below it. They are served by a router of their own,
   * since Traefik finds options by names, and knows no name for the others.
   */
  readonly ofOneLabel?: HostTlsOptions;
}

/** Set for an HTTP route with a wildcard: hosts below it are routed by SNI. For one with a host: a wildcard above it is. */
export interface BesideSni {
  readonly above?: true;
  readonly below?: true;
}

/** Connections to one pool port that the ledger holds for its owner, and where they go. */
export interface PortRoute extends Owned {
  readonly kind: 'port';
  readonly protocol: PoolProtocol;
  readonly port: Port;
  readonly servicePort: number;
  /** Set: an import gave its number, so that no pool needs to have it. */
  readonly imported?: true;
  /** Set: several objects may route it, of which the eldest does. Absent: only its holder. */
  readonly contested?: true;
  /** Names the router. */
  readonly key: string;
  readonly filters: readonly Filter<TcpMiddleware>[];
  readonly backend: PortBackend;
  /** Of UDP ports: what Fairlead itself checks of the endpoints behind it, also of those that are taken out. */
  readonly checks?: readonly HealthCheck[];
}

/** TLS connections that ask for one host by SNI, whatever is spoken inside, and where they go. */
export interface SniRoute extends Owned {
  readonly kind: 'sni';
  readonly host: NamedHost;
  /** The pool port to which they come, of one namespace and for nothing else; absent: the https entryPoint, which all share. */
  readonly port?: Port;
  /** Another entryPoint that is shared; absent: the https one, or that of `port`. */
  readonly entryPoint?: string;
  /** Who answers for its host, where that is not its owner: the Gateway or ListenerSet that has the listener. */
  readonly tenant?: ObjectRef;
  /** Names the router. */
  readonly key: string;
  /** Set: Traefik ends the TLS. Absent: the backend does. */
  readonly tls?: RouteTls;
  readonly filters: readonly Filter<TcpMiddleware>[];
  readonly backend: PortBackend;
}

/** A certificate that the owner brings for its hosts. */
export interface CertificateIntent extends Owned {
  readonly kind: 'certificate';
  readonly secret: ObjectRef;
  /** The names in the certificate, sorted: Traefik keeps one certificate for each such list. */
  readonly names: readonly string[];
  readonly validity: Validity;
  readonly certFile: string;
  readonly keyFile: string;
  /** The pool ports on which it is shown by routes of other objects. */
  readonly ports?: readonly Port[];
}

/** The certificate of a fleet for the hosts that have none of their own. Its owner is the Secret. */
export interface DefaultCertificate extends Owned {
  readonly kind: 'default-certificate';
  /** The names in the certificate. */
  readonly names: readonly string[];
  readonly validity: Validity;
  readonly certFile: string;
  readonly keyFile: string;
}

/** What an object asks for. */
export type Intent = CertificateIntent | DefaultCertificate | HttpRoute | PortRoute | SniRoute;

/** What of it stands. */
export type Settled = Exclude<Intent, HttpRoute> | SettledRoute;

/** Everything that one object of a source, or what a fleet asks for, comes to. */
export interface Translation {
  readonly unit: ObjectKey;
  /** The fleets that serve it; none when it is not Fairlead's to serve. */
  readonly fleets: readonly string[];
  readonly intents: readonly Intent[];
  readonly portClaims: readonly PortClaim[];
  /** Certificates that it has Traefik show to backends. */
  readonly clientCertificates?: readonly DatedCertificate[];
  /** The annotations of the object that ask for something. */
  readonly asked: readonly AskedAnnotation[];
  /** What is used of annotations besides that which the intents carry. */
  readonly uses: readonly AnnotationUse[];
  readonly problems: readonly Problem[];
  /** Of an object whose status is answered: what that is to say. */
  readonly status?: StatusFacts;
}

/** What an object comes to that is not there, not routed or not ours. */
export function toEmptyTranslation(unit: ObjectKey): Translation {
  return { unit, fleets: [], intents: [], portClaims: [], asked: [], uses: [], problems: [] };
}

/** What two objects cannot both have: the elder gets it. Undefined for what the ledger decides, or the settings of the fleet. */
export function toClaimKey(intent: Intent): string | undefined {
  switch (intent.kind) {
    case 'http': {
      const { host, path } = intent.match;
      const type = intent.fallback ? 'fallback' : path.type;
      // No path holds a line break.
      // One who may not have the route may not have some of its requests either.
      const conditions = intent.branch === undefined ? toConditionText(intent.match) : '';
      // Joined, and not added up: as keys of maps there are tens of thousands.
      const key = ['http', intent.fleet, toHostText(host), type, `${path.value}\n${conditions}`].join('|');
      return intent.place === undefined ? key : `${key}\n${toPlaceText(intent.place)}`;
    }
    case 'sni':
      return `sni|${intent.fleet}|${intent.port ?? intent.entryPoint ?? ''}|${toHostText(intent.host)}`;
    case 'certificate':
      return `certificate|${intent.fleet}|${toShort(intent.names.join(','))}`;
    case 'port':
      return intent.contested ? `port|${intent.fleet}|${intent.protocol}|${intent.port}` : undefined;
    case 'default-certificate':
      return undefined;
  }
}

/** Different for what does not get in each other's way. */
export function toPlaceText({ entryPoint, isTls, shared }: RoutePlace): string {
  // No entryPoint has a space in its name.
  return shared ?? `${entryPoint} ${isTls ? 'tls' : 'plain'}`;
}

/**
 * The keys of all that may want the same as an intent, its own among them: a route without a place wants what one on HTTP and one on
 * HTTPS have together.
 */
export function listRivalKeys(intent: Intent, key: string): readonly string[] {
  if (intent.kind !== 'http') return [key];
  const { place } = intent;
  if (place !== undefined && place.shared === undefined) return [key];
  const base = place === undefined ? key : key.slice(0, -toPlaceText(place).length - 1);
  return [base, `${base}\nhttp`, `${base}\nhttps`];
}

/** Thousands of objects may bring a certificate with hundreds of names. */
function toShort(text: string): string {
  return text.length <= 100 ? text : createHash('sha256').update(text).digest('base64url');
}
