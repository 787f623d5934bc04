import type { Subject } from '../../model/problem.ts';
import { Sleep } from '../../lib/sleep.ts';
import { OnePerTurn } from '../../lib/one-per-turn.ts';
import { RepeatGate, TokenBucket, type EventLimits } from './event-limits.ts';
import { toEventName, toEventNamespace, toNamespace, type EventDetails, type EventName } from './event.ts';
import { EventStore, type EventResult, type EventStoreOptions } from './event-store.ts';
import { firstReady } from './find-due.ts';
import { NewsQueue, type News } from './event-queue.ts';
import type { EventNote } from './plan-events.ts';
import { toWarningNote, type Warning } from './plan-warnings.ts';
import { WarningDiff, type WantedWarning } from './warning-diff.ts';

export interface ClusterEventsOptions extends Omit<EventStoreOptions, 'signal' | 'turn'> {
  /** Who tells: a label value, the same for all replicas, and for nobody else who writes to this cluster. */
  readonly author: string;
  /** The `metadata.uid` of an object: `kubectl describe` finds its Events by it. */
  readonly uidOf: (about: Subject) => string | undefined;
  /** Asked right before each request. */
  readonly isLeader: () => boolean;
  readonly limits: EventLimits;
}

/** One request, of one of the lines that take turns. */
interface Task {
  readonly line: number;
  run(): Promise<void>;
}

/** How soon it is looked again whether this process leads. */
const leaderMs = 1_000;

/**
 * Keeps the Warnings of one cluster as they should be, and tells news: one request after the other, slowly. Warnings to be deleted,
 * news, and Warnings to be created take turns, so that a flood of one does not hold up the others. A new leader lists what the
 * former one has told. The same is done when a request has failed: what had an effect nonetheless comes out then. And now and then
 * it is done anyway, since the server forgets Events.
 */
export class ClusterEvents {
  readonly #options: ClusterEventsOptions;
  readonly #store: EventStore;
  readonly #news: NewsQueue;
  readonly #changed: RepeatGate;
  readonly #bucket: TokenBucket;
  readonly #stop = new AbortController();
  readonly #sleep = new Sleep();
  readonly #turns = new OnePerTurn();
  readonly #turn = <T>(work: () => T): Promise<T> => this.#turns.run(work);
  /** Undefined while it is not known what should be there. */
  #diff: WarningDiff | undefined;
  /** Whether it is known what is there. */
  #isCompared = false;
  #compareFrom = 0;
  /** When all is compared once more. */
  #againAt = Infinity;
  /** Whether not all could be seen, for lack of a right. */
  #isDenied = false;
  #line = 0;
  #isRunning = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ClusterEventsOptions) {
    const { limits } = options;
    this.#options = options;
    this.#store = new EventStore({ ...options, signal: this.#stop.signal, turn: this.#turn });
    this.#news = new NewsQueue(limits);
    this.#changed = new RepeatGate(limits.changeMs);
    this.#bucket = new TokenBucket(limits, performance.now());
    options.rights.onRestored(() => this.#sleep.end());
  }

  /** Takes over all Warnings that should be there. */
  want(warnings: ReadonlyMap<string, Warning>): void {
    this.#diff ??= this.#begin();
    this.#diff.want(warnings);
    this.#wake();
  }

  /** Takes over what is told once, and lost when it cannot be. */
  tell(note: EventNote): void {
    if (this.#news.add({ note, uid: this.#options.uidOf(note.about) }, performance.now())) this.#wake();
  }

  /** The leadership has begun or ended: it is not known any more what should be there, and what is. */
  reset(): void {
    this.#diff = undefined;
    this.#news.clear();
  }

  /** Resolves when no request is under way. What waits is left to the next leader. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #begin(): WarningDiff {
    const { limits } = this.#options;
    this.#isCompared = false;
    this.#isDenied = false;
    this.#againAt = Infinity;
    this.#compareFrom = performance.now() + limits.settleMs;
    return new WarningDiff((warning) => toEventName(this.#toDetails(warning)), limits.mostTries);
  }

  #wake(): void {
    this.#sleep.end();
    if (this.#isRunning || this.#stop.signal.aborted) return;
    this.#isRunning = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const now = performance.now();
      const next = this.#next(now);
      if (next === undefined) break;
      const ms =
        typeof next === 'number' ? next : this.#options.isLeader() ? this.#bucket.take(now) : leaderMs;
      // What changes meanwhile counts.
      if (ms > 0) await this.#sleep.wait(ms, signal);
      else if (typeof next !== 'number') {
        this.#line = (next.line + 1) % 3;
        await next.run();
      }
    }
    this.#isRunning = false;
  }

  /** What is to be done now, or for how long nothing is; undefined when nothing is left to do. */
  #next(now: number): Task | number | undefined {
    const restMs = this.#store.restMs(now);
    if (restMs > 0) return restMs;
    const diff = this.#diff;
    const news = this.#nextNews(now);
    if (diff === undefined) return news;
    const againMs = Math.min(this.#againAt - now, this.#isDenied ? this.#store.listWaitMs(now) : Infinity);
    if (againMs <= 0) return { line: this.#line, run: () => this.#compareAgain(diff) };
    if (!this.#isCompared) {
      const ms = this.#compareFrom - now;
      if (ms <= 0) return { line: this.#line, run: () => this.#compare(diff) };
      return typeof news === 'object' ? news : Math.min(ms, news ?? ms);
    }
    this.#store.keepRights((verb, namespace) => this.#needs(diff, verb, namespace));
    const next = [this.#nextDeletion(diff, now), news, this.#nextCreation(diff, now)];
    const tasks = next.filter((each) => typeof each === 'object');
    const waits = next.filter((each) => typeof each === 'number');
    return tasks.find(({ line }) => line >= this.#line) ?? tasks[0] ?? Math.min(againMs, ...waits);
  }

  #nextDeletion(diff: WarningDiff, now: number): Task | number | undefined {
    const next = firstReady(diff.outdated, (event) => this.#deletionMs(event, now));
    return typeof next === 'object' ? { line: 0, run: () => this.#delete(diff, next.item) } : next;
  }

  #nextNews(now: number): Task | number | undefined {
    const next = firstReady(this.#news.waiting, ({ note }) =>
      this.#store.waitMs('create', toNamespace(note.about), now),
    );
    return typeof next === 'object' ? { line: 1, run: () => this.#tell(next.item) } : next;
  }

  #nextCreation(diff: WarningDiff, now: number): Task | number | undefined {
    const next = firstReady(diff.missing, (entry) => {
      if (this.#toFormer(diff, entry, now) !== undefined) return 0;
      const namespace = toNamespace(entry.warning.first.subject);
      return Math.max(this.#changed.wait(entry.key, now), this.#store.waitMs('create', namespace, now));
    });
    if (typeof next !== 'object') return next;
    const former = this.#toFormer(diff, next.item, now);
    const run = (): Promise<void> =>
      former === undefined ? this.#create(diff, next.item) : this.#delete(diff, former);
    return { line: 2, run };
  }

  /** What is to be deleted first: nobody is to see both, the old words and the new ones. */
  #toFormer({ outdated }: WarningDiff, { former }: WantedWarning, now: number): EventName | undefined {
    return former !== undefined && outdated.has(former) && this.#deletionMs(former, now) === 0
      ? former
      : undefined;
  }

  #deletionMs(event: EventName, now: number): number {
    return this.#store.waitMs('delete', toEventNamespace(event), now);
  }

  /** Whether anything waits for the right. */
  #needs({ missing, outdated }: WarningDiff, verb: string, namespace: string): boolean {
    if (verb === 'delete') return [...outdated].some((event) => toEventNamespace(event) === namespace);
    if (verb === 'list') return this.#isDenied;
    const abouts = [
      ...this.#news.waiting.map(({ note }) => note.about),
      ...[...missing].map(({ warning }) => warning.first.subject),
    ];
    return abouts.some((about) => toNamespace(about) === namespace);
  }

  async #compare(diff: WarningDiff): Promise<void> {
    const { againMs, refreshMs } = this.#options.limits;
    const { events, result } = await this.#store.list(this.#options.author);
    if (result === 'unknown') return;
    await diff.prepare(this.#turn);
    if (diff !== this.#diff) return;
    const givesUp = diff.compare(events, result === 'done');
    if (givesUp || result === 'refused') this.#compareIn(againMs);
    this.#compareIn(refreshMs);
    this.#isDenied = result === 'denied';
    this.#isCompared = true;
  }

  async #compareAgain(diff: WarningDiff): Promise<void> {
    this.#againAt = Infinity;
    this.#isCompared = false;
    diff.forgive();
    await this.#compare(diff);
  }

  #compareIn(ms: number): void {
    this.#againAt = Math.min(this.#againAt, performance.now() + ms);
  }

  async #delete(diff: WarningDiff, event: EventName): Promise<void> {
    diff.deleting(event);
    const result = await this.#store.delete(event);
    if (result === 'denied') diff.deletionDenied(event);
    else this.#conclude(diff, event, result);
  }

  async #create(diff: WarningDiff, entry: WantedWarning): Promise<void> {
    diff.creating(entry);
    this.#changed.pass(entry.key, performance.now());
    const result = await this.#store.create(this.#toDetails(entry.warning));
    if (result === 'denied') return diff.creationDenied(entry);
    if (result === 'refused') diff.notCreated(entry);
    this.#conclude(diff, entry.event, result);
  }

  #conclude(diff: WarningDiff, event: EventName, result: EventResult): void {
    if (result === 'refused') this.#compareIn(this.#options.limits.againMs);
    if (result !== 'unknown') return diff.succeeded(event);
    diff.failed(event);
    this.#isCompared = false;
  }

  async #tell(news: News): Promise<void> {
    const diff = this.#diff;
    this.#news.remove(news);
    const { author } = this.#options;
    const result = await this.#store.create({ ...news, author, occasion: new Date().toISOString() });
    if (result === 'denied' && diff === this.#diff) this.#news.putBack(news);
  }

  #toDetails(warning: Warning): EventDetails {
    return { note: toWarningNote(warning), uid: warning.uid, author: this.#options.author };
  }
}
