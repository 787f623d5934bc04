import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { toErrorCode } from '../lib/error-text.ts';

/** The API of one Traefik. */
export interface ApiTarget {
  /** Without a slash at the end. */
  readonly url: string;
  /** How long one answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The one IP address to ask of those that the name in the URL has. Absent: any. */
  readonly address?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** The next page of a list; undefined on the last. */
  readonly nextPage: number | undefined;
  /** What its clock says, in milliseconds since 1970. */
  readonly date: number | undefined;
}

/** What came is no answer of Traefik's API; the message is one line. */
export class UnusableAnswer extends Error {}

/** So much of an answer is read unless more is asked for: more than ten thousand servers. */
const usualBytes = 1024 ** 2;

/** One GET. @throws UnusableAnswer when the answer is too long, and the errors of the connection. */
export async function askApi(target: ApiTarget, path: string, mostBytes = usualBytes): Promise<ApiAnswer> {
  const { url, timeoutMs, address } = target;
  const dispatcher = new Agent({
    pipelining: 0,
    ...(address !== undefined && { connect: { lookup: toLookup(address) } }),
  });
  try {
    const { statusCode, headers, body } = await request(`${url}${path}`, {
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > mostBytes) throw new UnusableAnswer('its answer is too long');
      chunks.push(piece);
    }
    const date = Date.parse(String(headers['date']));
    const next = Number(headers['x-next-page']);
    return {
      status: statusCode,
      body: Buffer.concat(chunks),
      nextPage: next > 1 ? next : undefined,
      date: Number.isNaN(date) ? undefined : date,
    };
  } finally {
    void dispatcher.destroy();
  }
}

/** The answer as JSON; `null` for 404. @throws UnusableAnswer for any other status, and as `askApi`. */
export async function askJson(target: ApiTarget, path: string): Promise<unknown> {
  const answer = await askApi(target, path);
  return answer.status === 404 ? null : toJson(answer);
}

/** @throws UnusableAnswer */
export function toJson({ status, body }: Pick<ApiAnswer, 'body' | 'status'>): unknown {
  if (status !== 200) throw new UnusableAnswer(`it answered ${status}`);
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new UnusableAnswer('its answer is no JSON');
  }
}

/** Why an API could not be asked, in a few words. */
export function describeApiError(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'it could not be asked';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  if (error instanceof UnusableAnswer) return error.message;
  const code = toErrorCode(error) ?? toErrorCode(error.cause);
  return code === undefined ? 'it cannot be reached' : `it cannot be reached (${code})`;
}

function toLookup(address: string): LookupFunction {
  const family = address.includes(':') ? 6 : 4;
  return (_name, { all }, callback) => {
    if (all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
