import type { BackendMode } from '../settings/settings.ts';
import type { AllowedNamespaces } from '../model/gateway-specs.ts';
import type { Port } from '../model/port.ts';
import type { Piece } from './nginx/pieces.ts';
import type { MigrationPlan, MigrationState } from './migration-plan.ts';
import type { Grantee, ServiceTarget } from './service-target.ts';
import type { HttpMiddleware } from '../traefik/http-middleware.ts';
import type { CertificateDomain, RouterObservability } from '../traefik/http-router.ts';
import type { LoadBalancer } from '../traefik/http-service.ts';
import type { TcpHealthCheck } from '../traefik/health-check.ts';
import type { ClientTls, ServersTransport, TcpServersTransport } from '../traefik/servers-transport.ts';
import type { TcpMiddleware } from '../traefik/tcp.ts';
import type { TlsOptions } from '../traefik/tls.ts';

/**
 * The place of a middleware in the chain of a router, outermost first. In the order of nginx' own phases (rewrite, preaccess, access,
 * content), which is what the annotations of ingress-nginx were written for, and not in that of Traefik's provider for it.
 */
export const stages = [
  // To HTTPS, on plain HTTP only: nobody is asked for a password in the clear.
  'https',
  // Pages for answers with these statuses, whoever gave them: those of the stages below too.
  'errors',
  // Before whatever may refuse: browsers send preflights without credentials, and scripts cannot read a refusal without these headers.
  'cors',
  // Elsewhere, for everybody, as `return` is in nginx: what is protected is not reached. Before the limits, which it does not use up.
  'redirect',
  // By network. First of what protects: it costs least, and those outside use up no limit of those inside.
  'access',
  // Rates and connections, before passwords are looked at: they are to bound guesses too.
  'limit',
  // Before the path is rewritten: whoever is asked has to see what the client asked for.
  'auth',
  // Defined outside of Fairlead, and named by the object that routes: perhaps protection, perhaps anything.
  'reference',
  // Of bodies, for those alone who may send them.
  'buffer',
  // In Fairlead's own words, outside of other vocabularies: on the way back the outer one has the last word.
  'response-headers',
  // Of requests and answers. After `auth`, so that nothing here can take the place of what it found out about the client.
  'headers',
  // In Fairlead's own words, inside of others, for the same reason.
  'request-headers',
  'rewrite',
  // Those that the Service names: Traefik has them behind all of its routers.
  'service-reference',
  // Next to the backend, so that a second attempt asks for no second permission and counts against no limit.
  'retry',
] as const;
export type Stage = (typeof stages)[number];

/** Stages whose middlewares hold together: that of an Ingress never takes the place of that of the Service behind it. */
export const protectiveStages: ReadonlySet<Stage> = new Set([
  'access',
  'auth',
  'reference',
  'service-reference',
]);

/** A middleware that an object asks for. The role makes its name, and is unique within the object. */
export interface MiddlewareDirective<M> {
  readonly stage: Stage;
  readonly role: string;
  /** Null: asked to be off, which counts like any other value. */
  readonly middleware: M | null;
  /** Set: it is defined outside of Fairlead, under this name; then `middleware` is null. */
  readonly reference?: string;
  /** Set: only for routes that are served over TLS as well. */
  readonly whenTls?: true;
  /** Set: another controller does this without being asked, and something is different all the same: one sentence that says what. */
  readonly differs?: string;
}

/** Whether it is one that protects, and is not asked to be off. */
export function isProtective({ stage, middleware, reference }: MiddlewareDirective<unknown>): boolean {
  return protectiveStages.has(stage) && (middleware !== null || reference !== undefined);
}

export type TlsDirective =
  | { readonly kind: 'default' }
  | { readonly kind: 'secret'; readonly name: string }
  | { readonly kind: 'resolver'; readonly name: string };

/** Which Service ports ask for pool ports: all of them, or these, by name or number. */
export type ExposeDirective = 'all' | readonly string[];

/** Another Service; without a namespace one of the same namespace. */
export interface ServiceName {
  readonly namespace?: string;
  readonly name: string;
}

/** A name within the namespace; one that is a number asks for that pool port. */
export interface SniPortDirective {
  readonly name: string;
  readonly requested?: Port;
}

/** Shifting traffic to another Service. At least one of `weight` and `plan` is set. */
export interface MigrateDirective {
  readonly to: ServiceTarget;
  /** Percent; set by hand, so that it holds before the plan. */
  readonly weight?: number;
  readonly plan?: MigrationPlan;
  /** Percent of failed requests above which the plan waits; 5 when not given. */
  readonly maxErrors?: number;
  /** Where the plan stands, perhaps towards another Service. */
  readonly state?: MigrationState;
}

/** What answers in place of a Service. */
export interface FailoverDirective {
  readonly to: ServiceTarget;
  /** Answers that count as a failure, such as `502` or `504-599`. */
  readonly statuses?: readonly string[];
  /** With `statuses`: larger requests are refused. */
  readonly maxBodyBytes?: number;
}

/** Where copies of requests go. */
export interface MirrorDirective {
  readonly to: ServiceTarget;
  readonly percent: number;
  /** Larger requests are not copied. */
  readonly maxBodyBytes: number;
}

/** Which requests a canary gets of those of the Ingress that it belongs to: by its header, else by its cookie, else by weight. */
export interface CanaryDirective {
  readonly on: true;
  /** Of `total`, which is 100 when not given. */
  readonly weight: number;
  readonly total?: number;
  readonly header?: string;
  /** What the header says of requests for it, or a regular expression; neither: `always`, and `never` of those that are not. */
  readonly value?: string;
  readonly pattern?: string;
  /** Says `always` or `never`. */
  readonly cookie?: string;
  /** Whether weight decides about each request, in spite of sessions. */
  readonly legacy?: true;
}

/** What is asked of the routers of an Ingress by the annotations that Traefik itself has for it. */
export interface RouterDirective {
  /** Each once, as they stand. */
  readonly entryPoints?: readonly string[];
  /** Whether they have TLS; absent: nobody has said. */
  readonly tls?: boolean;
  /** `name@provider`. */
  readonly tlsOptions?: string;
  /** What the certificate resolver is asked for. */
  readonly domains?: readonly CertificateDomain[];
  /** Never 0. */
  readonly priority?: number;
  readonly pathMatcher?: 'Path' | 'PathPrefix' | 'PathRegexp';
}

/** Certificates that clients have to show: how they are asked for, or that they cannot be verified. */
export interface ClientAuthDirective {
  readonly options: TlsOptions | 'none' | 'unusable';
  /** As it was asked for. */
  readonly verify?: string;
}

export type BackendScheme = 'http' | 'https' | 'h2c';

/** A check that is none of the served port, since nothing answers there by itself. */
export interface UdpHealth {
  readonly port: number;
  readonly path?: string;
  readonly status?: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** Where all requests are sent in place of a backend. */
export interface RedirectDirective {
  readonly to: readonly Piece[];
  readonly permanent: boolean;
}

/** What the backend gets in place of the path of the request; an address elsewhere is a redirect. */
export interface RewriteDirective {
  readonly to: readonly Piece[];
  /** What it gets in X-Forwarded-Prefix. */
  readonly forwardedPrefix?: readonly Piece[];
}

/** Everything that the annotations of one object ask for, typed and valid. Absent means not asked for. */
export interface Directives {
  readonly fleets?: readonly string[];
  readonly hosts?: readonly string[];
  readonly paths?: readonly string[];
  /** For an Ingress: further hosts for all that it routes with a host, as they stand. */
  readonly aliases?: readonly string[];
  /** Whether requests for the sister of a host, with or without `www.`, are redirected to it. */
  readonly wwwRedirect?: true;
  readonly tls?: TlsDirective;
  readonly router?: RouterDirective;
  readonly observability?: RouterObservability;
  readonly clientAuth?: ClientAuthDirective;
  /** Hosts by SNI as they stand, such as `db.example.com` or `mysql=db.example.com`. */
  readonly sni?: readonly string[];
  /** The pool port that Services of the namespace share under this name, by SNI. */
  readonly sniPort?: SniPortDirective;
  readonly expose?: ExposeDirective;
  /** The listeners that are given a pool port, whatever number they have. */
  readonly allocatePort?: readonly string[];
  /** Routes of which namespaces may ask for pool ports without a listener. */
  readonly allocatePortsFor?: AllowedNamespaces;
  /** The Service ports for which each endpoint asks for a pool port of its own. */
  readonly exposeEach?: ExposeDirective;
  /** Pool ports asked for by number; the key is the name or number of the Service port, and for an endpoint then `.` and its hostname; of a listener its name. */
  readonly requestedPorts?: ReadonlyMap<string, Port>;
  /** Whether its pool ports are to have consecutive numbers. */
  readonly contiguous?: true;
  /** The port pool that it asks for by name. */
  readonly pool?: string;
  /** The Service whose pool ports this one takes over. */
  readonly portsFrom?: ServiceName;
  /** The Service that may take over the pool ports of this one. */
  readonly portsTo?: ServiceName;
  readonly backends?: BackendMode;
  /** By node port, where the Service is of that type; else it counts for nothing. */
  readonly nodePortLb?: true;
  readonly scheme?: BackendScheme;
  /** By `toCanonicalAddress` of an endpoint address, by host name in lower case, or `*` for endpoints that are not named. */
  readonly weights?: ReadonlyMap<string, number>;
  readonly middlewares?: readonly MiddlewareDirective<HttpMiddleware>[];
  readonly loadBalancer?: Partial<LoadBalancer>;
  readonly transport?: Partial<ServersTransport>;
  readonly tcpMiddlewares?: readonly MiddlewareDirective<TcpMiddleware>[];
  readonly tcpTransport?: Partial<Omit<TcpServersTransport, 'tls'>>;
  /** TLS towards the servers of TCP ports; without it none. */
  readonly tcpScheme?: 'tls';
  /** What that TLS is like. */
  readonly tcpTls?: ClientTls;
  /** The Secret of the certificate that is shown to backends, where it can be used. */
  readonly clientCertificate?: string;
  /** How Traefik checks the servers of TCP ports. */
  readonly tcpHealth?: TcpHealthCheck;
  /** How Fairlead itself checks the endpoints of UDP ports. */
  readonly udpHealth?: UdpHealth;
  readonly migrate?: MigrateDirective;
  readonly failover?: FailoverDirective;
  readonly mirror?: MirrorDirective;
  /** Whether all access limits have to let a client in, or one is enough: its network, or who it is. */
  readonly satisfy?: 'all' | 'any';
  /** Whether TLS connections go on to the backend as they are. */
  readonly tlsPassthrough?: true;
  /** Whether paths are regular expressions, but for those of type Exact. */
  readonly regexPaths?: true;
  readonly redirectTo?: RedirectDirective;
  readonly rewrite?: RewriteDirective;
  /** Set: the Ingress is a part of another one. */
  readonly canary?: CanaryDirective;
  /** What backends read as the host of requests, with variables of nginx such as `$service_name` in it. */
  readonly upstreamHost?: string;
  /** A Service of the namespace that answers where the other has no endpoints, and for the errors below. */
  readonly defaultBackend?: string;
  /** The statuses for whose answers the default backend gives the page, such as `503`. */
  readonly errorPages?: readonly string[];
  /** What holds where neither the object nor the Service behind it says otherwise: how another controller behaves by itself. */
  readonly byDefault?: DefaultDirectives;
  /** Whose Services may lead here. */
  readonly grantTo?: readonly Grantee[];
  /** Whether something that limits access cannot be carried out: then the routes answer 503. */
  readonly withhold?: boolean;
  /** Set beside it where that is for pool ports and SNI as well: nothing gets through there. */
  readonly withholdPorts?: boolean;
}

/** What another controller does without being asked. */
export type DefaultDirectives = Pick<Directives, 'middlewares' | 'scheme' | 'tls' | 'transport'>;

/** Both together; where both speak of one thing, `over` counts. Middlewares of different roles add up, so that no limit is ever lost. */
export function mergeDirectives(base: Directives, over: Directives): Directives {
  return {
    ...base,
    ...over,
    ...(base.middlewares && over.middlewares && { middlewares: addUp(base.middlewares, over.middlewares) }),
    ...(base.tcpMiddlewares &&
      over.tcpMiddlewares && { tcpMiddlewares: addUp(base.tcpMiddlewares, over.tcpMiddlewares) }),
    ...(base.router && over.router && { router: { ...base.router, ...over.router } }),
    ...(base.loadBalancer &&
      over.loadBalancer && { loadBalancer: { ...base.loadBalancer, ...over.loadBalancer } }),
    ...(base.tcpTransport &&
      over.tcpTransport && { tcpTransport: { ...base.tcpTransport, ...over.tcpTransport } }),
    ...(base.transport && over.transport && { transport: mergeTransports(base.transport, over.transport) }),
    ...((base.withhold === true || over.withhold === true) && { withhold: true }),
    ...((base.withholdPorts === true || over.withholdPorts === true) && { withholdPorts: true }),
  };
}

function addUp<D extends { readonly role: string }>(base: readonly D[], over: readonly D[]): readonly D[] {
  return [...base.filter(({ role }) => over.every((each) => each.role !== role)), ...over];
}

function mergeTransports(
  base: Partial<ServersTransport>,
  over: Partial<ServersTransport>,
): Partial<ServersTransport> {
  const forwardingTimeouts = { ...base.forwardingTimeouts, ...over.forwardingTimeouts };
  return { ...base, ...over, ...(Object.keys(forwardingTimeouts).length > 0 && { forwardingTimeouts }) };
}
