import { parseDocumentName, type DocumentName } from '../../model/document-name.ts';
import type { Readiness } from '../../model/published.ts';

export interface ConfigRequest {
  readonly readiness: Readiness;
  readonly document: DocumentName;
  readonly fleets: readonly string[];
  /** Those that there can be. */
  readonly documents: readonly DocumentName[];
  /** The current revision of the document; undefined when there is none yet. */
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
  const { readiness, document, revision } = request;
  if (!request.documents.includes(document)) return { status: 404, body: toUnknown(request) };
  // Never 200 before everything is known: Traefik would take a document without routes as "no routes" and drop all it has.
  if (readiness.kind === 'starting') return toStarting(readiness.waitingFor);
  if (revision === undefined) return toStarting([`the first configuration of ${toWhatText(document)}`]);
  if (matchesRevision(request.ifNoneMatch, revision)) return { status: 304, revision };
  return { status: 200, revision, encoding: request.acceptsGzip ? 'gzip' : 'identity' };
}

function toUnknown({ document, fleets, documents }: ConfigRequest): ConfigFailure {
  const { fleet } = parseDocumentName(document);
  if (!fleets.includes(fleet)) return { error: `no fleet is named "${fleet}"`, fleets };
  const banks = documents.filter((each) => parseDocumentName(each).fleet === fleet).length;
  const bank = document.slice(fleet.length + 1);
  const has = banks === 1 ? 'bank 0 only, since its pools have no `bank`' : `the banks 0 to ${banks - 1}`;
  return { error: `there is no bank "${bank}": fleet ${fleet} has ${has}` };
}

function toWhatText(document: DocumentName): string {
  const { fleet, bank } = parseDocumentName(document);
  return bank === 0 ? `fleet ${fleet}` : `bank ${bank} of fleet ${fleet}`;
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
