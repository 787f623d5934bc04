import type { Readiness } from '../../model/published.ts';

export interface ConfigRequest {
  readonly readiness: Readiness;
  readonly fleet: string;
  readonly fleets: readonly string[];
  /** The current revision of the fleet; undefined when there is none yet. */
  readonly revision: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly acceptsGzip: boolean;
}

export interface ConfigFailure {
  readonly error: string;
  readonly waitingFor?: readonly string[];
  readonly fleets?: readonly string[];
}

/** What to answer. Only 200 carries the document. */
export type ConfigResponse =
  | { readonly status: 200; readonly revision: string; readonly encoding: 'gzip' | 'identity' }
  | { readonly status: 304; readonly revision: string }
  | { readonly status: 404; readonly body: ConfigFailure }
  | { readonly status: 503; readonly retryAfterSeconds: number; readonly body: ConfigFailure };

const RETRY_AFTER_SECONDS = 1;

/** Decides the answer to a poll. */
export function toConfigResponse(request: ConfigRequest): ConfigResponse {
  const { readiness, fleet, fleets, revision } = request;
  if (!fleets.includes(fleet)) {
    return { status: 404, body: { error: `no fleet is named "${fleet}"`, fleets } };
  }
  // Never 200 before everything is known: Traefik would take a document without routes as "no routes" and drop all it has.
  if (readiness.kind === 'starting') return toStarting(readiness.waitingFor);
  if (revision === undefined) return toStarting([`the first configuration of fleet ${fleet}`]);
  if (matchesRevision(request.ifNoneMatch, revision)) return { status: 304, revision };
  return { status: 200, revision, encoding: request.acceptsGzip ? 'gzip' : 'identity' };
}

/** Whether an `If-None-Match` header names this revision: weak comparison, lists and `*` (RFC 9110, 13.1.2). */
export function matchesRevision(ifNoneMatch: string | undefined, revision: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(/"([^"]*)"/g)].some(([, tag]) => tag === revision);
}

function toStarting(waitingFor: readonly string[]): ConfigResponse {
  const error = `starting, and waiting for ${waitingFor.join(', ') || 'the first configuration'}`;
  return { status: 503, retryAfterSeconds: RETRY_AFTER_SECONDS, body: { error, waitingFor } };
}
