import { readFile } from 'node:fs/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { toErrorCode } from '../lib/error-text.ts';
import { isObject } from '../lib/raw-object.ts';
import { edgeAnswer, type EdgeAnswer } from './edge-answer.ts';

/** What came of asking Fairlead. `refused`: asking again is of no use until somebody mends something. */
export type EdgeOutcome =
  | { readonly kind: 'answer'; readonly answer: EdgeAnswer }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'away'; readonly why: string };

export interface EdgeClientOptions {
  /** The URL of the provider listener, without `/` at its end. */
  readonly server: string;
  /** Absent: the first fleet of the server. */
  readonly fleet?: string | undefined;
  readonly host: string;
  /** Read at each request, so that it can change; undefined: none is sent. */
  readonly token: () => Promise<string | undefined>;
  /** Paths of PEM files, read at each request as well. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
}

const timeoutMs = 10_000;
/** Of 65,535 ports in 1,000 banks; anything larger comes from no Fairlead. */
const largestAnswer = 64 * 1024 * 1024;

/** Asks Fairlead what this host is to run. */
export class EdgeClient {
  readonly #options: EdgeClientOptions;
  #tag: string | undefined;
  #agent: Agent | undefined;
  #agentText = '';

  constructor(options: EdgeClientOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async ask(): Promise<EdgeOutcome> {
    const { server, fleet } = this.#options;
    const url = `${server}/edge${fleet === undefined ? '' : `/${encodeURIComponent(fleet)}`}`;
    try {
      // Not `fetch`, which refuses some ports, such as 10080.
      const response = await request(url, {
        headers: await this.#toHeaders(),
        dispatcher: await this.#toAgent(),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return await this.#read(response);
    } catch (error) {
      return toOutcome(error, this.#options);
    }
  }

  /** Reports what the Traefiks of this host have applied. `unknown`: an older Fairlead, which takes no reports. Never rejects. */
  async report(fleet: string, body: string): Promise<'failed' | 'taken' | 'unknown'> {
    try {
      const { 'If-None-Match': _, ...headers } = await this.#toHeaders();
      const response = await request(`${this.#options.server}/edge/${encodeURIComponent(fleet)}/state`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body,
        dispatcher: await this.#toAgent(),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body.dump();
      if (response.statusCode < 300) return 'taken';
      return [404, 405].includes(response.statusCode) ? 'unknown' : 'failed';
    } catch {
      return 'failed';
    }
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }

  async #toHeaders(): Promise<Record<string, string>> {
    const token = await this.#options.token();
    return {
      'X-Fairlead-Host': this.#options.host,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(this.#tag !== undefined && { 'If-None-Match': this.#tag }),
    };
  }

  async #toAgent(): Promise<Agent> {
    const { ca, cert, key } = this.#options.tls ?? {};
    const texts = { ca: await readText(ca), cert: await readText(cert), key: await readText(key) };
    const text = JSON.stringify(texts);
    if (this.#agent === undefined || text !== this.#agentText) {
      await this.#agent?.destroy();
      this.#agent = new Agent({ connect: texts, maxResponseSize: largestAnswer });
      this.#agentText = text;
    }
    return this.#agent;
  }

  async #read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<EdgeOutcome> {
    const text = await body.text();
    if (statusCode === 304) return { kind: 'unchanged' };
    if (statusCode !== 200) return this.#toFailure(statusCode, text);
    const answer = edgeAnswer.safeParse(toJson(text));
    if (!answer.success)
      return { kind: 'refused', why: `${this.#options.server} is no Fairlead: its answer is another one` };
    this.#tag = headers['etag']?.toString();
    return { kind: 'answer', answer: answer.data };
  }

  #toFailure(status: number, text: string): EdgeOutcome {
    const { server, fleet } = this.#options;
    const body = toJson(text);
    const said = isObject(body) && typeof body['error'] === 'string' ? body['error'] : undefined;
    if (said === undefined)
      return status >= 500
        ? { kind: 'away', why: `${server} answered ${status}` }
        : {
            kind: 'refused',
            why: `${server} is no Fairlead: it answered ${status}; give the URL of the provider listener`,
          };
    if (status === 401) {
      return {
        kind: 'refused',
        why: `${server} refuses the token (401); give one of provider.tokens by --token-file`,
      };
    }
    if (status === 404 && isObject(body) && Array.isArray(body['fleets']))
      return {
        kind: 'refused',
        why: `${server} has no fleet ${JSON.stringify(fleet)}; it has ${body['fleets'].join(', ')}`,
      };
    if (status === 404)
      return {
        kind: 'refused',
        why: `${server} does not answer /edge (404: ${said}); give the URL of the provider listener`,
      };
    return status >= 500
      ? { kind: 'away', why: said }
      : { kind: 'refused', why: `${server} refuses (${status}): ${said}` };
  }
}

async function readText(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : readFile(file, 'utf8');
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const untrusted = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What it means that there was no answer. */
function toOutcome(error: unknown, { server, tls }: EdgeClientOptions): EdgeOutcome {
  const code = toErrorCode(error) ?? '';
  const reason = error instanceof Error ? error.message || code : String(error);
  const refuse = (why: string): EdgeOutcome => ({ kind: 'refused', why: `${server} ${why}` });
  if (untrusted.has(code))
    return refuse(`has a certificate that is not trusted (${reason}); give its authority by --ca`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return refuse('has a certificate for another name; give a URL with a name of it by --server');
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return refuse('does not speak TLS; give an http URL by --server');
  // A server that asks for a certificate hangs up on who has none.
  const isBrokenOff = ['ECONNRESET', 'UND_ERR_SOCKET'].includes(code);
  const hint = isBrokenOff && server.startsWith('https:') && tls?.cert === undefined;
  return { kind: 'away', why: hint ? `${reason}; with provider.tls.clientCA give --cert and --key` : reason };
}
