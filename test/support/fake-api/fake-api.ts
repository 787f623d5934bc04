import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, expired, toApiError } from './api-error.ts';
import { FakeStore } from './fake-store.ts';
import { Faults, toFault, toSelector, type Fault, type RequestInfo } from './faults.ts';
import { toJson, type Json } from './json.ts';
import { ResourceTypes, type Target } from './resource-types.ts';
import { toMatcher } from './selector.ts';
import { Watches } from './watches.ts';

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** A request with all that is known of it. */
interface Call {
  readonly info: RequestInfo;
  readonly target: Target | undefined;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Json;
  readonly response: ServerResponse;
}

/** What answers requests: the Kubernetes API as far as Fairlead uses it, and `/_rig/` to make it misbehave. */
export class FakeApi {
  readonly #store = new FakeStore((event) => this.#watches.changed(event));
  readonly #watches: Watches = new Watches(() => this.#store.version);
  readonly #faults = new Faults();
  readonly #types = new ResourceTypes();
  readonly #users: Map<string, string>;
  readonly #refused = new Set<string>();
  readonly #totals = new Map<string, number>();
  /** The rest of lists that are read page by page. */
  readonly #pages = new Map<string, { readonly items: readonly Json[]; readonly version: number }>();
  #pageCount = 0;

  constructor(adminToken: string) {
    this.#users = new Map([[adminToken, 'admin']]);
    const namespaces = this.#types.toTarget('/api/v1/namespaces');
    for (const name of ['default', 'kube-system'])
      if (namespaces !== undefined) this.#store.create(namespaces, { metadata: { name } }, 'fake');
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    try {
      const text = await readBody(request);
      if (pathname.startsWith('/_rig/'))
        return send(response, 200, this.#rig(pathname.slice(6), searchParams));
      const user = this.#toUser(request.headers.authorization);
      const target = this.#types.toTarget(pathname);
      const resource =
        target === undefined ? '' : [target.type.plural, target.subresource].filter(Boolean).join('/');
      const info = { path: pathname, verb: toVerb(request, target, searchParams), resource, user };
      const contentType = request.headers['content-type'] ?? '';
      await this.#answer({ info, target, query: searchParams, contentType, body: toBody(text), response });
    } catch (error) {
      sendError(response, error);
    }
  }

  stop(): void {
    this.#watches.stop();
  }

  async #answer(call: Call): Promise<void> {
    const { info, response } = call;
    const total = `${info.verb} ${info.resource}`;
    this.#totals.set(total, (this.#totals.get(total) ?? 0) + 1);
    const failure = this.#faults.take('fail', info);
    if (failure?.applied === false) return fail(response, failure);
    const delay = this.#faults.take('delay', info);
    const isWatch = info.verb === 'watch';
    if (isWatch && delay !== undefined) await sleep(delay.ms);
    if (isWatch) return this.#watch(call);
    const answer = this.#carryOut(call);
    if (delay !== undefined) await sleep(delay.ms);
    if (failure !== undefined) return fail(response, failure);
    send(response, info.verb === 'create' ? 201 : 200, answer);
  }

  #carryOut({ info, target, query, contentType, body }: Call): Json {
    if (['/readyz', '/livez', '/healthz'].includes(info.path)) return { status: 'ok' };
    if (target === undefined) return this.#types.discover(info.path) ?? fail404();
    const manager = query.get('fieldManager') ?? 'unknown';
    switch (info.verb) {
      case 'get':
        return this.#store.get(target);
      case 'list':
        return this.#list(target, query);
      case 'create':
        return this.#store.create(target, body, manager);
      case 'update':
        return this.#store.replace(target, body, manager);
      case 'delete':
        this.#store.delete(target);
        return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
      case 'deletecollection':
        return this.#deleteAll(target, query);
      default:
        if (contentType.includes('apply-patch')) return this.#store.apply(target, body, manager);
        if (contentType.includes('merge-patch')) return this.#store.merge(target, body, manager);
        throw new ApiError(415, 'UnsupportedMediaType', `the fake knows no ${contentType}`);
    }
  }

  /** Installs, changes or removes a custom resource; what it was watched by ends. */
  #serve(params: URLSearchParams): void {
    const [plural = '', kind = '', versions = ''] = ['plural', 'kind', 'versions'].map(
      (key) => params.get(key) ?? '',
    );
    this.#types.serve(plural, kind, versions.split(',').filter(Boolean), 'status');
    this.#watches.drop('close', ({ resource }) => resource === plural);
  }

  #list(target: Target, query: URLSearchParams): Json {
    const token = query.get('continue');
    const page = token === null ? undefined : this.#pages.get(token);
    if (token !== null && page === undefined) throw expired();
    const items = page?.items ?? this.#store.list(target).filter(toMatcher(query));
    const version = page?.version ?? this.#store.version;
    const limit = Number(query.get('limit') ?? 0) || Infinity;
    const metadata: Json = { resourceVersion: String(version) };
    if (items.length > limit) {
      const next = `page-${(this.#pageCount += 1)}`;
      this.#pages.set(next, { items: items.slice(limit), version });
      metadata['continue'] = next;
      metadata['remainingItemCount'] = items.length - limit;
    }
    const { kind, apiVersion } = target.type;
    // The items of a list do not say what they are.
    const shown = items.slice(0, limit).map(({ kind: _kind, apiVersion: _version, ...item }) => item);
    return { kind: `${kind}List`, apiVersion, metadata, items: shown };
  }

  #deleteAll(target: Target, query: URLSearchParams): Json {
    const items = this.#store.list(target).filter(toMatcher(query));
    for (const { metadata } of items) {
      const { namespace = '', name } = toJson(metadata);
      this.#store.delete({ ...target, namespace: String(namespace), name: String(name) });
    }
    const { kind, apiVersion } = target.type;
    return {
      kind: `${kind}List`,
      apiVersion,
      metadata: { resourceVersion: String(this.#store.version) },
      items,
    };
  }

  #watch({ info, target, query, response }: Call): void {
    if (target === undefined) throw toApiError(404);
    this.#watches.open({
      target,
      info,
      response,
      matches: toMatcher(query),
      lastsMs: Number(query.get('timeoutSeconds') ?? 1_800) * 1_000,
      wantsBookmarks: query.get('allowWatchBookmarks') === 'true',
      isList: query.get('sendInitialEvents') === 'true',
      missed: this.#toMissed(target, Number(query.get('resourceVersion') ?? 0)),
    });
  }

  #toMissed(target: Target, version: number) {
    try {
      // Without a version all that is there now comes first.
      return version === 0 ? this.#store.present(target) : this.#store.since(version);
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  #toUser(authorization = ''): string {
    const token = authorization.replace(/^Bearer /, '');
    const user = authorization === '' ? 'system:anonymous' : this.#users.get(token);
    if (user === undefined || this.#refused.has(token) || this.#refused.has(user))
      throw toApiError(401, 'Unauthorized');
    return user;
  }

  #rig(what: string, params: URLSearchParams): Json {
    const ms = Number(params.get('seconds') ?? 0) * 1_000;
    const selects = toSelector(params);
    switch (what) {
      case 'fail':
      case 'delay':
        this.#faults.add(toFault(what, params));
        break;
      case 'drop-watches':
        this.#watches.drop(params.get('mode') ?? 'close', selects);
        break;
      case 'pause-watches':
        if (params.get('mode') === 'lose') this.#watches.lose(ms, selects);
        else this.#watches.hold(ms);
        break;
      case 'compact':
        this.#store.compact();
        this.#pages.clear();
        this.#watches.drop('close', () => true);
        break;
      case 'token':
        this.#users.set(params.get('token') ?? '', params.get('user') ?? '');
        break;
      case 'unauthorized':
        this.#refused[params.get('on') === 'false' ? 'delete' : 'add'](
          params.get('token') ?? params.get('user') ?? '',
        );
        break;
      case 'serve':
        this.#serve(params);
        break;
      case 'reset':
        this.#faults.clear();
        this.#refused.clear();
        this.#watches.release();
        break;
      case 'stats/reset':
        this.#totals.clear();
        break;
      case 'stats':
        return { totals: Object.fromEntries(this.#totals), watches: this.#watches.count };
      default:
        throw new ApiError(404, 'NotFound', `the fake has no /_rig/${what}`);
    }
    return {};
  }
}

function fail404(): never {
  throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

function toBody(text: string): Json {
  try {
    return toJson(text === '' ? {} : JSON.parse(text));
  } catch {
    throw toApiError(400, 'the body is no JSON');
  }
}

function toVerb(
  { method = 'GET' }: IncomingMessage,
  target: Target | undefined,
  query: URLSearchParams,
): string {
  const isCollection = target !== undefined && target.name === '';
  if (method === 'DELETE' && isCollection) return 'deletecollection';
  if (method !== 'GET') return verbs[method] ?? method;
  if (['true', '1'].includes(query.get('watch') ?? '')) return 'watch';
  return isCollection ? 'list' : 'get';
}

function fail(response: ServerResponse, { abort, status, message, retryAfter }: Fault): void {
  if (abort) return void response.destroy();
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  send(response, status, toApiError(status, message).toStatus());
}

function sendError(response: ServerResponse, error: unknown): void {
  const known = error instanceof ApiError ? error : toApiError(500, String(error));
  send(response, known.code, known.toStatus());
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
