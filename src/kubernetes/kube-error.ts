import { isObject, type RawObject } from '../lib/raw-object.ts';

const mostText = 300;
/** What is between here and the server may write what it likes; no server means us to be away for longer. */
const maxRetryAfterMs = 60_000;

/**
 * A request to an API server that failed. It holds what a log or a user may see: never headers, tokens or the objects
 * that were sent.
 */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The reason of the API server, such as `Forbidden`, or the code of a network error, such as `ECONNREFUSED`. */
  readonly reason: string;
  /** How long the server asks to wait, a minute at the most; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;
  /** Who was asked, as `https://host:port`; absent while that is not known. */
  server?: string;

  constructor(status: number, reason: string, message: string, retryAfterMs?: number) {
    super(toPlainText(message));
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, maxRetryAfterMs);
  }
}

/** Whether what was asked for is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404;
}

/** The error that an answer with a status of 300 or more stands for. `body` is its text, usually a `Status` object. */
export function toAnswerError(status: number, body: string, retryAfter?: string): KubeError {
  const parsed = toStatus(body);
  if (parsed !== undefined) return toStatusError(parsed, status, toRetryAfterMs(retryAfter));
  const message =
    body.trim() === '' ? `the server answered ${status}` : `the server answered ${status}: ${body}`;
  return new KubeError(status, '', message, toRetryAfterMs(retryAfter));
}

/** The error that a `Status` object stands for; `fallback` is the status when the object has no code. */
export function toStatusError(raw: RawObject, fallback: number, retryAfterMs?: number): KubeError {
  const { code, reason, message } = raw;
  const details = isObject(raw['details']) ? raw['details'] : {};
  const seconds = details['retryAfterSeconds'];
  const wait = retryAfterMs ?? (typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined);
  return new KubeError(
    typeof code === 'number' ? code : fallback,
    typeof reason === 'string' ? reason : '',
    typeof message === 'string' && message !== '' ? message : `the server answered ${fallback}`,
    wait,
  );
}

/** Whatever was thrown while there was no answer, as an error of status 0. A `KubeError` stays itself. */
export function toNetworkError(error: unknown): KubeError {
  if (error instanceof KubeError) return error;
  if (!(error instanceof Error)) return new KubeError(0, '', String(error));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return new KubeError(0, code, error.message === '' ? code : error.message);
}

/** `Retry-After` in milliseconds: seconds, or a date; undefined for anything else. */
export function toRetryAfterMs(text: string | undefined, now: number = Date.now()): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

function toStatus(body: string): RawObject | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) && parsed['kind'] === 'Status' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

// Credential plugins write what they like into their errors.
function toPlainText(message: string): string {
  const text = message.replaceAll(/\b(bearer|basic)\s+\S+/gi, '$1 ...').replaceAll(/\s+/g, ' ');
  return text.length > mostText ? `${text.slice(0, mostText - 3)}...` : text;
}
