import type { ObjectKey, ObjectRef } from './object-ref.ts';

/** How Fairlead asks an endpoint whether it is alive: by a connection to a TCP port beside the one that is served, or by HTTP there. */
export interface HealthProbe {
  /** Always an IP address, one that may be a server. */
  readonly address: string;
  readonly port: number;
  /** Set: a GET of this path has to be answered. */
  readonly path?: string;
  /** Set: with this status; else with any 2xx or 3xx. */
  readonly status?: number;
  readonly timeoutMs: number;
}

/** A check that a Service asks for of one of its endpoints. */
export interface HealthCheck extends HealthProbe {
  readonly service: ObjectRef;
  readonly intervalMs: number;
}

/** The endpoints that fail their checks, by Service; sorted addresses, each once. A Service without any is not there. */
export type FailingEndpoints = ReadonlyMap<ObjectKey, readonly string[]>;

export const noneFailing: FailingEndpoints = new Map();
