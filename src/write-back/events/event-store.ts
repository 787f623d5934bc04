import type { Logger } from 'pino';
import { BackOff } from '../../lib/back-off.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { KubeError, toNetworkError } from '../../kubernetes/kube-error.ts';
import {
  toEvent,
  toEventNamespace,
  toEventPath,
  toEventsPath,
  toWarningName,
  toWarningSelector,
  type EventDetails,
  type EventName,
} from './event.ts';
import { isLackOfRight, type MissingRights, type Right } from '../missing-rights.ts';

/**
 * `refused`: the server will not have it, now or later. `denied`: the account may not do it there, until a role grants it.
 * `unknown`: it failed, and perhaps carried it out nonetheless.
 */
export type EventResult = 'done' | 'denied' | 'refused' | 'unknown';

export interface EventStoreOptions {
  readonly client: KubeClient;
  /** Those that may be looked at; empty: all. */
  readonly namespaces: readonly string[];
  readonly rights: MissingRights;
  readonly log: Logger;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** In what turn of the event loop a part of a list is looked at. */
  readonly turn: <T>(work: () => T) => Promise<T>;
}

type Verb = 'create' | 'delete' | 'list';

const timeoutMs = 5_000;
const backOff = { firstMs: 500, mostMs: 30_000, healthyMs: 10_000 };

/** The requests for the Events of one cluster. None rejects. */
export class EventStore {
  readonly #options: EventStoreOptions;
  readonly #backOff = new BackOff(backOff);
  #restUntil = 0;
  /** The last one of each verb. */
  readonly #complaints = new Map<string, string>();

  constructor(options: EventStoreOptions) {
    this.#options = options;
  }

  /** For how long nothing should be asked, because the server failed. */
  restMs(now: number): number {
    return Math.max(0, this.#restUntil - now);
  }

  /** For how long a verb is not worth a request in a namespace, because the right to it is missing. */
  waitMs(verb: Verb, namespace: string, now: number): number {
    return this.#options.rights.waitMs(toRight(verb), namespace, now);
  }

  /** The same for the list. */
  listWaitMs(now: number): number {
    return Math.max(...this.#listed.map((namespace) => this.waitMs('list', namespace, now)));
  }

  /** Forgets rights that nobody needs any more. */
  keepRights(isNeeded: (verb: string, namespace: string) => boolean): void {
    const { rights } = this.#options;
    if (!rights.isEmpty)
      rights.keep(({ verb, group }, namespace) => group !== eventGroup || isNeeded(verb, namespace));
  }

  /** The Warnings of an author. `denied` or `refused`: those of some namespaces, or all, are missing. */
  async list(
    author: string,
  ): Promise<{ readonly events: ReadonlySet<EventName>; readonly result: EventResult }> {
    const { client, signal, turn } = this.#options;
    const events = new Set<EventName>();
    const take = (items: readonly unknown[]): void => {
      for (const name of items.map(toWarningName)) if (name !== undefined) events.add(name);
    };
    const request = { query: toWarningSelector(author), turn, signal };
    let result: EventResult = 'done';
    for (const namespace of this.#listed) {
      const place = { verb: 'list', namespace } as const;
      const each = await this.#ask(place, () => client.list(toEventsPath(namespace), take, request));
      if (each === 'unknown') return { events, result: 'unknown' };
      if (each !== 'done') result = each;
    }
    return { events, result };
  }

  get #listed(): readonly string[] {
    const { namespaces } = this.#options;
    return namespaces.length === 0 ? [''] : namespaces;
  }

  /** That it is there already is as good as done. */
  create(details: EventDetails): Promise<EventResult> {
    const { client, signal } = this.#options;
    const event = toEvent(details, new Date());
    const { namespace } = event.metadata;
    const create = (): Promise<unknown> =>
      client.create(toEventsPath(namespace), event, { timeoutMs, signal });
    return this.#ask({ verb: 'create', namespace }, create, isThere);
  }

  /** That it is not there is as good as done. */
  delete(event: EventName): Promise<EventResult> {
    const { client, signal } = this.#options;
    const remove = (): Promise<unknown> => client.delete(toEventPath(event), { timeoutMs, signal });
    return this.#ask({ verb: 'delete', namespace: toEventNamespace(event) }, remove, isGone);
  }

  async #ask(
    { verb, namespace }: { readonly verb: Verb; readonly namespace: string },
    request: () => Promise<unknown>,
    isDone: (error: KubeError) => boolean = () => false,
  ): Promise<EventResult> {
    const { rights } = this.#options;
    rights.trying(toRight(verb), namespace, performance.now());
    try {
      await request();
    } catch (error) {
      const failure = toNetworkError(error);
      if (isLackOfRight(failure)) {
        rights.refused(toRight(verb), namespace, performance.now());
        return 'denied';
      }
      if (!isDone(failure)) return this.#toResult(verb, failure);
    }
    rights.worked(toRight(verb), namespace, performance.now());
    this.#backOff.healthy(performance.now());
    this.#complaints.delete(verb);
    return 'done';
  }

  #toResult(verb: string, error: KubeError): EventResult {
    this.#complain(verb, error);
    const { status, retryAfterMs = 0 } = error;
    if (status >= 400 && status < 500 && !worthATry.has(status)) return 'refused';
    const now = performance.now();
    this.#restUntil = now + Math.max(retryAfterMs, this.#backOff.next(now));
    return 'unknown';
  }

  #complain(verb: string, error: KubeError): void {
    const complaint = `${error.status} ${error.reason}`;
    // Once, and not for each Event.
    if (complaint === this.#complaints.get(verb) || this.#options.signal.aborted) return;
    this.#complaints.set(verb, complaint);
    const { log } = this.#options;
    // An admission plugin, or a namespace that is being deleted.
    if (error.status === 403) log.warn({ detail: error.message }, 'events are refused');
    else log.debug({ err: error }, 'events cannot be written');
  }
}

const eventGroup = 'events.k8s.io';

function toRight(verb: Verb): Right {
  return { verb, group: eventGroup, resource: 'events' };
}

function isThere({ reason }: KubeError): boolean {
  return reason === 'AlreadyExists';
}

function isGone({ status }: KubeError): boolean {
  return status === 404;
}

/** Time-outs, conflicts, lists that changed too much meanwhile, and a server that has too much to do. */
const worthATry: ReadonlySet<number> = new Set([401, 408, 409, 410, 429]);
