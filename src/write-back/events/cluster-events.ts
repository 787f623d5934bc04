import { Sleep } from '../../lib/sleep.ts';
import { createTimeSlice } from '../../lib/time-slice.ts';
import { TokenBucket, type Rate } from '../../lib/token-bucket.ts';
import { toEventName, toEventNamespace, toWords, type EventContent, type EventName } from './event.ts';
import { EventRequests, type EventRequestsOptions, type EventResult } from './event-requests.ts';
import { toWarningContent, type Warning } from './plan-warnings.ts';

/** What keeps Events from becoming a flood: the `Rate` of all requests, and times in milliseconds. */
export interface EventLimits extends Rate {
  /** The least time between two Warnings of one object and code: of what changes meanwhile, the last is written. */
  readonly changeMs: number;
  /** How long a new leader looks on before it judges which Warnings are out of date: not all problems are found at once. */
  readonly settleMs: number;
  /** After how long an Event is tried again that was refused, and at most after failures. */
  readonly retryMs: number;
  /** How often all is listed again, because the server forgets Events. */
  readonly refreshMs: number;
  /** In what time equal notices are written once only. */
  readonly repeatMs: number;
  /** So many notices may wait; what comes then is lost. */
  readonly maxNotices: number;
}

export interface ClusterEventsOptions extends EventRequestsOptions {
  /** Asked right before each request. */
  readonly isLeader: () => boolean;
  readonly limits: EventLimits;
}

/** A Warning that should be there, with what `toWords` makes of it. */
interface Desired {
  readonly event: EventName;
  readonly words: string;
  readonly warning: Warning;
}

/** What is known while this process leads. */
interface Term {
  /** Taken over, but not in `desired` yet. */
  warnings?: readonly Warning[] | undefined;
  desired: ReadonlyMap<EventName, Desired>;
  /** The words of the Warnings that are there; none when it is not known what became of a request. */
  readonly present: Map<EventName, string>;
  /** When all is listed (again). Before the first list no Warning is sent. */
  listAt: number;
  isListed: boolean;
  /** Whether not all could be listed, for lack of a right. */
  isDenied: boolean;
}

/** To delete a Warning, or to create one, or a notice. */
interface Request {
  readonly verb: 'create' | 'delete';
  readonly event: EventName;
  readonly content?: Desired | EventContent;
}

/** How soon it is looked again whether something may be sent that has to wait. */
const waitMs = 1_000;
const idleMs = 60_000;
/** The first pause after the server failed over a request; each further one is twice as long. */
const firstHoldMs = 500;

/**
 * Keeps the Warnings of one cluster as they should be, and writes notices, Events that stay. One request after the other, slowly:
 * Warnings that should go, notices, and Warnings that are missing take turns, so that a flood of one does not hold up the others.
 * What is there is listed at the beginning of a term, and now and then. What became of a request that failed need not be known: the
 * Event is deleted, and created again if it should be there.
 */
export class ClusterEvents {
  readonly #options: ClusterEventsOptions;
  readonly #requests: EventRequests;
  readonly #notices = new Map<EventName, EventContent>();
  /** Requests that are not sent before their time, by verb and Event. `ms` is the pause after a failure. */
  readonly #holds = new Map<string, { readonly ms: number; readonly until: number }>();
  readonly #made = new WeakMap<Warning, Desired>();
  readonly #bucket: TokenBucket;
  readonly #stop = new AbortController();
  readonly #sleep = new Sleep();
  #term: Term | undefined;
  #lane = 0;
  #isAwake = false;
  #running: Promise<void> | undefined;

  constructor(options: ClusterEventsOptions) {
    this.#options = options;
    this.#requests = new EventRequests({ ...options, signal: this.#stop.signal });
    this.#bucket = new TokenBucket(options.limits, performance.now());
    options.rights.onRestored(() => this.#wake());
  }

  /** Takes over all Warnings that should be there. */
  want(warnings: readonly Warning[]): void {
    const listAt = performance.now() + this.#options.limits.settleMs;
    this.#term ??= { desired: new Map(), present: new Map(), listAt, isListed: false, isDenied: false };
    this.#term.warnings = warnings;
    this.#wake();
  }

  /** Takes over an Event that stays. It is lost when the server fails, or too many wait. */
  notify(notice: EventContent): void {
    const { limits, author } = this.#options;
    const event = toEventName(notice, author, Math.floor(Date.now() / limits.repeatMs));
    if (this.#notices.size < limits.maxNotices) this.#notices.set(event, notice);
    this.#wake();
  }

  /** The leadership has begun or ended. */
  reset(): void {
    this.#term = undefined;
    this.#notices.clear();
  }

  /** Resolves when no request is under way. What waits is left to the next leader. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #wake(): void {
    this.#isAwake = true;
    this.#sleep.end();
    this.#running ??= this.#run(this.#stop.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#isAwake = false;
      if (this.#term?.warnings !== undefined) await this.#takeOver(this.#term, this.#term.warnings);
      const ms = await this.#step(performance.now());
      if (ms > 0 && !this.#isAwake) await this.#sleep.wait(ms, signal);
    }
  }

  // A new leader may have thousands of names to make, which must not hold up the polls of Traefik.
  async #takeOver(term: Term, warnings: readonly Warning[]): Promise<void> {
    const slice = createTimeSlice();
    const desired = new Map<EventName, Desired>();
    for (const warning of warnings) {
      const known = this.#made.get(warning) ?? toDesired(warning, this.#options.author);
      this.#made.set(warning, known);
      desired.set(known.event, known);
      await slice();
    }
    term.desired = desired;
    if (term.warnings === warnings) term.warnings = undefined;
  }

  /** Sends one request at the most. Returns for how long there is nothing to do unless something changes. */
  async #step(now: number): Promise<number> {
    const send = this.#requests.pauseMs(now) || this.#next(this.#term, now);
    if (typeof send === 'number') return send;
    const ms = this.#options.isLeader() ? this.#bucket.take(now) : waitMs;
    if (ms === 0) await send();
    return ms;
  }

  #next(term: Term | undefined, now: number): (() => Promise<void>) | number {
    if (term !== undefined && (now >= term.listAt || (term.isDenied && this.#requests.mayList(now))))
      return () => this.#list(term);
    const listed = term?.isListed === true ? term : undefined;
    if (listed !== undefined) this.#keepRights(listed);
    let ms = Math.min(idleMs, (term?.listAt ?? Infinity) - now);
    for (let count = 0; count < 3; count += 1) {
      const lane = (this.#lane + count) % 3;
      for (const request of this.#toLane(lane, listed)) {
        if (this.#isReady(request, now)) {
          return () => {
            this.#lane = lane + 1;
            return this.#send(request, listed);
          };
        }
        ms = Math.min(ms, waitMs);
      }
    }
    return ms;
  }

  /** What is to be sent of one kind, ready or not. */
  *#toLane(lane: number, term: Term | undefined): Iterable<Request> {
    if (lane === 1) for (const [event, content] of this.#notices) yield { verb: 'create', event, content };
    if (term === undefined) return;
    const { desired, present } = term;
    if (lane === 0)
      for (const event of present.keys()) if (!desired.has(event)) yield { verb: 'delete', event };
    if (lane !== 2) return;
    for (const [event, each] of desired) {
      if (!present.has(event)) yield { verb: 'create', event, content: each };
      // Kubernetes lets nobody change the words of an Event.
      else if (present.get(event) !== each.words) yield { verb: 'delete', event };
    }
  }

  #isReady({ verb, event }: Request, now: number): boolean {
    if (now < (this.#holds.get(`${verb} ${event}`)?.until ?? 0)) return false;
    return this.#requests.mayTry(verb, toEventNamespace(event), now);
  }

  #keepRights(term: Term): void {
    this.#requests.keepRights(() => {
      const waiting = [0, 1, 2].flatMap((lane) => [...this.#toLane(lane, term)]);
      const rights = waiting.map(({ verb, event }) => `${verb} ${toEventNamespace(event)}`);
      return new Set(term.isDenied ? ['list', ...rights] : rights);
    });
  }

  async #list(term: Term): Promise<void> {
    const { refreshMs, retryMs } = this.#options.limits;
    const { events, result } = await this.#requests.list();
    if (result === 'unknown') return;
    const now = performance.now();
    for (const [key, { until }] of this.#holds) if (until < now) this.#holds.delete(key);
    if (result === 'done') term.present.clear();
    for (const [event, words] of events) term.present.set(event, words);
    term.listAt = now + (result === 'refused' ? retryMs : refreshMs);
    term.isListed = true;
    term.isDenied = result === 'denied';
  }

  async #send({ verb, event, content }: Request, term: Term | undefined): Promise<void> {
    if (content === undefined) {
      const result = await this.#requests.delete(event);
      if (result === 'done') term?.present.delete(event);
      return this.#conclude({ verb, event }, result, term);
    }
    if (!('warning' in content)) {
      if ((await this.#requests.create(event, content)) !== 'denied') this.#notices.delete(event);
      return;
    }
    const result = await this.#requests.create(event, toWarningContent(content.warning));
    if (result === 'done') term?.present.set(event, content.words);
    this.#conclude({ verb, event }, result, term);
  }

  #conclude({ verb, event }: Request, result: EventResult, term: Term | undefined): void {
    const { changeMs, retryMs } = this.#options.limits;
    const key = `${verb} ${event}`;
    if (result === 'unknown') term?.present.set(event, '');
    const ms = result === 'unknown' ? Math.max(firstHoldMs, 2 * (this.#holds.get(key)?.ms ?? 0)) : 0;
    const pauses = { done: verb === 'create' ? changeMs : 0, denied: 0, refused: retryMs, unknown: ms };
    this.#holds.set(key, { ms, until: performance.now() + Math.min(retryMs, pauses[result]) });
  }
}

function toDesired(warning: Warning, author: string): Desired {
  const content = toWarningContent(warning);
  return { event: toEventName(content, author), words: toWords(content.note), warning };
}
