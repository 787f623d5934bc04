import type { BackendScheme } from '../annotations/directives.ts';
import type { HttpMiddleware } from '../traefik/http-middleware.ts';
import type { LoadBalancer, Sticky } from '../traefik/http-service.ts';
import type { TcpHealthCheck } from '../traefik/health-check.ts';
import type { ServersTransport, TcpServersTransport } from '../traefik/servers-transport.ts';

/** Where in Traefik's configuration something stands, made of names that only its owner can have. */
export interface Named<T> {
  readonly key: string;
  readonly value: T;
}

/** Shares of the traffic, by weight. A branch without servers answers 503 to its share: it is not given to the others. */
export interface WeightedBackend<B> {
  readonly kind: 'weighted';
  readonly key: string;
  readonly branches: readonly { readonly backend: B; readonly weight: number }[];
}

/**
 * Servers of one port and weight that stand side by side. There may be thousands, so that what is kept of each is its address, which is that of
 * the slice it came from.
 */
export interface ServerGroup {
  readonly hosts: readonly string[];
  readonly port: number;
  /** 1 when nobody has asked for weights. */
  readonly weight: number;
}

/** The servers of an HTTP backend. */
export interface HttpLoadBalancer {
  readonly kind: 'load-balancer';
  readonly key: string;
  readonly scheme: BackendScheme;
  /** Sorted by `host:port`; none: requests get 503. */
  readonly servers: readonly ServerGroup[];
  readonly value: Omit<LoadBalancer, 'servers'>;
  readonly transport?: Named<ServersTransport>;
}

/** Traffic goes to `fallback` when `main` is down (by its health checks), or answers one of the `statuses`. */
export interface FailoverBackend {
  readonly kind: 'failover';
  readonly key: string;
  readonly main: HttpBackend;
  readonly fallback: HttpBackend;
  /** Such as `502` or `500-504`; Traefik has this from 3.7 on. */
  readonly statuses?: readonly string[];
  /** With `statuses`: bytes; larger requests are refused, since they cannot be sent again. Absent: no limit. */
  readonly maxBodyBytes?: number;
}

/** All traffic goes to `main`, copies of some of it to the mirrors, whose answers nobody waits for. */
export interface MirroringBackend {
  readonly kind: 'mirroring';
  readonly key: string;
  readonly main: HttpBackend;
  readonly mirrors: readonly { readonly backend: HttpBackend; readonly percent: number }[];
  /** Bytes; larger bodies are not mirrored. Absent: no limit. */
  readonly maxBodyBytes?: number;
}

/** No server at all: 503 for what is missing or must not be reached, 500 for what was asked for wrongly, 404 for what nobody routes. */
export interface FixedStatus {
  readonly kind: 'status';
  readonly status: 404 | 500 | 503;
  /** Set: something that protects it cannot be carried out, so that nothing else is answered either. */
  readonly closed?: true;
}

/** Shares of HTTP requests. */
export interface HttpSplit extends WeightedBackend<HttpBackend> {
  readonly sticky?: Sticky;
  /**
   * Set: a branch whose servers are all down gives its share to the others, and what stands above hears when all are. Each branch has
   * to have health checks then, or Traefik disables the service.
   */
  readonly reportsHealth?: true;
}

/**
 * What its requests pass through on their way, and no others of the route, outermost first. Traefik has this from 3.7 on; before, they
 * would go on without.
 */
export interface FilteredBackend {
  readonly kind: 'filtered';
  readonly key: string;
  readonly filters: readonly BackendFilter[];
  readonly backend: HttpBackend;
}

/** A middleware of a backend: of a route it has a stage besides (`Filter`). */
export interface BackendFilter {
  readonly key: string;
  /** Null: it is defined outside of Fairlead, and the key is its whole name. */
  readonly value: HttpMiddleware | null;
}

/** Where HTTP requests go: a tree, whose leaves are load balancers and fixed answers. */
export type HttpBackend =
  FailoverBackend | FilteredBackend | FixedStatus | HttpLoadBalancer | MirroringBackend | HttpSplit;

/** The servers of a TCP or UDP backend, each with the same share; none: connections are closed, datagrams dropped. */
export interface PortLoadBalancer {
  readonly kind: 'load-balancer';
  readonly key: string;
  /** `host:port`, sorted. */
  readonly addresses: readonly string[];
  /** How connections go on to them; only for TCP, like what follows. */
  readonly transport?: Named<TcpServersTransport>;
  /** Set: TLS is spoken to them, as the transport says. */
  readonly tls?: true;
  readonly health?: TcpHealthCheck;
}

/** Where the connections of a port go. Traefik has no failover or mirroring for TCP and UDP. */
export type PortBackend = PortLoadBalancer | WeightedBackend<PortBackend>;

/** What is not there, or must not be reached. */
export const unavailable: FixedStatus = { kind: 'status', status: 503 };

/** What was asked for wrongly, by an operator rather than by a client. */
export const failed: FixedStatus = { kind: 'status', status: 500 };

/** What must not be reached since it cannot be protected as it was asked for. */
export const closed: FixedStatus = { kind: 'status', status: 503, closed: true };
