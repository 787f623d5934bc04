import type { Logger } from 'pino';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { toNetworkError, type KubeError } from '../../kubernetes/kube-error.ts';
import { BackOff } from '../../lib/back-off.ts';
import { isLackOfRight, type MissingRights, type Right } from '../missing-rights.ts';
import {
  toEvent,
  readWarning,
  toWarningSelector,
  toEventNamespace,
  type EventContent,
  type EventName,
} from './event.ts';

/**
 * `denied`: the account may not do it there, until a role grants it. `refused`: the server will not have it, now or later.
 * `unknown`: it failed, and perhaps had its effect nonetheless.
 */
export type EventResult = 'denied' | 'done' | 'refused' | 'unknown';

export interface EventRequestsOptions {
  readonly client: KubeClient;
  /** Whose Warnings are listed: a label value. */
  readonly author: string;
  /** Those that may be looked at; empty: all. */
  readonly namespaces: readonly string[];
  readonly rights: MissingRights;
  readonly log: Logger;
}

type Verb = 'create' | 'delete' | 'list';

const timeoutMs = 5_000;
/** Of the answers that blame the request, those after which the same request may succeed. */
const passing: ReadonlySet<number> = new Set([401, 408, 409, 410, 429]);

/** The requests for the Events of one cluster. None rejects. */
export class EventRequests {
  readonly #options: EventRequestsOptions & { readonly signal: AbortSignal };
  readonly #listed: readonly string[];
  readonly #backOff = new BackOff({ firstMs: 500, mostMs: 30_000, healthyMs: 10_000 });
  #pauseUntil = 0;
  /** The last failure: it is logged once, and not for each Event. */
  #logged = '';

  /** @param options `signal` ends what is under way. */
  constructor(options: EventRequestsOptions & { readonly signal: AbortSignal }) {
    this.#options = options;
    this.#listed = options.namespaces.length === 0 ? [''] : options.namespaces;
  }

  /** For how long nothing should be asked, because the server failed. */
  pauseMs(now: number): number {
    return Math.max(0, this.#pauseUntil - now);
  }

  /** Whether a request is worth a try, as far as it is known which rights are missing. */
  mayTry(verb: Verb, namespace: string, now: number): boolean {
    return this.#options.rights.waitMs(toRight(verb), namespace, now) <= 0;
  }

  mayList(now: number): boolean {
    return this.#listed.every((namespace) => this.mayTry('list', namespace, now));
  }

  /** Forgets missing rights that are not among the needed ones, `list` or `VERB NAMESPACE`: they would never be tried again. */
  keepRights(listNeeded: () => ReadonlySet<string>): void {
    const { rights } = this.#options;
    if (rights.isEmpty) return;
    const needed = listNeeded();
    rights.keep(({ verb, resource }, namespace) => {
      return resource !== 'events' || needed.has(verb === 'list' ? verb : `${verb} ${namespace}`);
    });
  }

  /** The Warnings of the author that could be read, with their words: all of them when the result is `done`. */
  async list(): Promise<{ readonly events: ReadonlyMap<EventName, string>; readonly result: EventResult }> {
    const { client, author, signal } = this.#options;
    const events = new Map<EventName, string>();
    const take = (items: readonly unknown[]): void => {
      for (const entry of items.map(readWarning)) if (entry !== undefined) events.set(...entry);
    };
    const request = { query: toWarningSelector(author), signal };
    let result: EventResult = 'done';
    for (const namespace of this.#listed) {
      const one = await this.#send('list', namespace, () => client.list(toPath(namespace), take, request));
      if (one === 'unknown') return { events, result: one };
      if (one !== 'done') result = one;
    }
    return { events, result };
  }

  /** `unknown` also when one of the name is there already: its words may be others. */
  create(event: EventName, content: EventContent): Promise<EventResult> {
    const { client, author, signal } = this.#options;
    const body = toEvent(event, content, author, new Date());
    const path = toPath(toEventNamespace(event));
    return this.#send('create', toEventNamespace(event), () =>
      client.create(path, body, { timeoutMs, signal }),
    );
  }

  /** That it is not there is as good as done. */
  delete(event: EventName): Promise<EventResult> {
    const { client, signal } = this.#options;
    const [namespace = '', name = ''] = event.split('/');
    const path = `${toPath(namespace)}/${name}`;
    return this.#send('delete', namespace, () => client.delete(path, { timeoutMs, signal }));
  }

  async #send(verb: Verb, namespace: string, request: () => Promise<unknown>): Promise<EventResult> {
    const { rights } = this.#options;
    rights.trying(toRight(verb), namespace, performance.now());
    const error = await request().then(() => undefined, toNetworkError);
    const now = performance.now();
    const isKnown = error?.reason === 'AlreadyExists' || (verb === 'delete' && error?.status === 404);
    if (error !== undefined && !isKnown) {
      if (!isLackOfRight(error)) return this.#fail(verb, error, now);
      rights.refused(toRight(verb), namespace, now);
      return 'denied';
    }
    rights.worked(toRight(verb), namespace, now);
    this.#backOff.healthy(now);
    return error === undefined || verb === 'delete' ? 'done' : 'unknown';
  }

  #fail(verb: Verb, { status, reason, message, retryAfterMs = 0 }: KubeError, now: number): EventResult {
    const failure = `${verb} ${status} ${reason}`;
    if (failure !== this.#logged && !this.#options.signal.aborted)
      this.#options.log.warn({ verb, detail: message }, 'events cannot be written');
    this.#logged = failure;
    // 403 without a missing right: an admission plugin, or a namespace that is being deleted.
    if (status >= 400 && status < 500 && !passing.has(status)) return 'refused';
    this.#pauseUntil = now + Math.max(retryAfterMs, this.#backOff.next(now));
    return 'unknown';
  }
}

function toRight(verb: Verb): Right {
  return { verb, group: 'events.k8s.io', resource: 'events' };
}

/** The Events of a namespace; without one, of the whole cluster. */
function toPath(namespace: string): string {
  return `/apis/events.k8s.io/v1/${namespace === '' ? '' : `namespaces/${namespace}/`}events`;
}
