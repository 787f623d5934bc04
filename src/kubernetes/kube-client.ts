import { request, type Dispatcher } from 'undici';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { ConnectionAgents } from './connection-agents.ts';
import { Connections, type Connection } from './connection.ts';
import { Deadline } from '../lib/deadline.ts';
import { Discovery } from './discovery.ts';
import type { ClusterPlace } from './kube-config.ts';
import { readPage, runNow } from './read-page.ts';
import { KubeError, toAnswerError, toNetworkError } from './kube-error.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface KubeRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** The time for the whole answer; default 30 seconds. */
  readonly timeoutMs?: number;
}

export interface ListRequest extends Pick<KubeRequest, 'query' | 'signal' | 'timeoutMs'> {
  /** Objects per page; default 500. */
  readonly limit?: number | undefined;
  /** In what turn of the event loop some items are parsed and taken; default at once. */
  readonly turn?: <T>(work: () => T) => Promise<T>;
}

const defaultTimeoutMs = 30_000;
const mergePatch = 'application/merge-patch+json';

/**
 * Requests to one API server, over few connections. Every method rejects with a `KubeError`, and with nothing else,
 * for whatever went wrong; nothing is retried but what was refused with 401, once, with credentials read again.
 */
export class KubeClient {
  /** What the server has of custom resources. */
  readonly discovery = new Discovery(this);
  readonly #connections: Connections;
  readonly #agents = new ConnectionAgents();

  constructor(place: ClusterPlace) {
    this.#connections = new Connections(place);
  }

  /** Asks `path` (from the root of the server) and resolves with the text of a 2xx answer. */
  async request(path: string, options: KubeRequest = {}): Promise<string> {
    const { timeoutMs = defaultTimeoutMs } = options;
    const deadline = new Deadline(options.signal);
    deadline.move(timeoutMs);
    try {
      const body = await this.#ask(path, { ...options, signal: deadline.signal }, 'calls');
      return await body.text();
    } catch (error) {
      throw deadline.passed
        ? new KubeError(0, 'Timeout', `no answer within ${timeoutMs} ms`)
        : toNetworkError(error);
    } finally {
      deadline.dispose();
    }
  }

  /**
   * Opens a stream on a connection of its own, and resolves when the server has accepted it. It has no time limit but
   * `signal`, and reading it may throw anything that streams throw.
   */
  async stream(
    path: string,
    options: Pick<KubeRequest, 'query' | 'signal'>,
  ): Promise<AsyncIterable<Uint8Array>> {
    try {
      return await this.#ask(path, options, 'watches');
    } catch (error) {
      throw toNetworkError(error);
    }
  }

  /** Asks and parses the answer. */
  async getJson(path: string, options: KubeRequest = {}): Promise<RawObject> {
    return toObject(await this.request(path, options));
  }

  /**
   * Reads a whole collection page by page, and hands its items to `take`, a few at a time. Resolves with the resource
   * version of the list, which a watch goes on from. When the list changes too much meanwhile, it ends in a 410.
   */
  async list(
    path: string,
    take: (items: readonly unknown[]) => void,
    options: ListRequest = {},
  ): Promise<string> {
    const { limit = 500, turn = runNow, query, ...others } = options;
    let next: string | undefined;
    for (;;) {
      const text = await this.request(path, { ...others, query: { ...query, limit, continue: next } });
      const page = await readPage(text, take, turn);
      if (page.next === '') return page.version;
      ({ next } = page);
    }
  }

  /** What the clock of the server says, in milliseconds since 1970; undefined when it does not say. */
  async readTime({ timeoutMs = defaultTimeoutMs }: Pick<KubeRequest, 'timeoutMs'> = {}): Promise<
    number | undefined
  > {
    const connection = await this.#connections.current();
    try {
      const { headers, body } = await request(toUrl(connection.server, '/version'), {
        dispatcher: this.#agents.for(connection).calls,
        headers: { 'user-agent': 'fairlead', ...connection.headers },
        signal: AbortSignal.timeout(timeoutMs),
      });
      await body.dump();
      const time = Date.parse(toText(headers['date']) ?? '');
      return Number.isNaN(time) ? undefined : time;
    } catch (error) {
      throw toNetworkError(error);
    }
  }

  /** Creates an object in a collection, and resolves with what it became. 409 `AlreadyExists` when it is there. */
  create(collection: string, object: object, options: KubeRequest = {}): Promise<RawObject> {
    return this.getJson(collection, { ...options, method: 'POST', body: object });
  }

  /** Replaces a whole object. With a `resourceVersion` in it: 409 `Conflict` when it has changed since. */
  replace(path: string, object: object, options: KubeRequest = {}): Promise<RawObject> {
    return this.getJson(path, { ...options, method: 'PUT', body: object });
  }

  /** A JSON merge patch: null removes a field. A `resourceVersion` in it makes it conditional. */
  patch(path: string, patch: object, options: KubeRequest = {}): Promise<RawObject> {
    const headers = { ...options.headers, 'content-type': mergePatch };
    return this.getJson(path, { ...options, method: 'PATCH', body: patch, headers });
  }

  /** Deletes an object. 404 when it is not there. */
  delete(path: string, options: KubeRequest = {}): Promise<RawObject> {
    return this.getJson(path, { ...options, method: 'DELETE' });
  }

  /** Cuts what is under way. The client cannot be used afterwards. */
  close(): Promise<void> {
    return this.#agents.close();
  }

  async #ask(
    path: string,
    options: KubeRequest,
    use: 'calls' | 'watches',
  ): Promise<Dispatcher.ResponseData['body']> {
    const connection = await orAborted(this.#connections.current(), options.signal);
    try {
      return await this.#askOver(connection, path, options, use);
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 401) throw error;
      // The token may have been rotated since it was read.
      this.#connections.renew(connection);
      const renewed = await orAborted(this.#connections.current(), options.signal);
      return await this.#askOver(renewed, path, options, use);
    }
  }

  async #askOver(connection: Connection, path: string, options: KubeRequest, use: 'calls' | 'watches') {
    try {
      return await this.#send(connection, path, options, use);
    } catch (error) {
      throw Object.assign(toNetworkError(error), { server: connection.server });
    }
  }

  async #send(connection: Connection, path: string, options: KubeRequest, use: 'calls' | 'watches') {
    const { method = 'GET', query, headers, body, signal } = options;
    const response = await request(toUrl(connection.server, path, query), {
      dispatcher: this.#agents.for(connection)[use],
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'fairlead',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...connection.headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
    if (response.statusCode < 300) return response.body;
    throw toAnswerError(
      response.statusCode,
      await response.body.text(),
      toText(response.headers['retry-after']),
    );
  }
}

// A credential plugin takes no signal, and may wait for somebody to log in.
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new KubeError(0, 'Aborted', 'the request was given up'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function toUrl(server: string, path: string, query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return pairs.length === 0
    ? server + path
    : `${server}${path}?${new URLSearchParams(Object.fromEntries(pairs)).toString()}`;
}

function toObject(text: string): RawObject {
  const parsed: unknown = parseJson(text);
  if (isObject(parsed)) return parsed;
  throw new KubeError(0, 'BadAnswer', 'the answer is no JSON object: is this the address of an API server?');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
