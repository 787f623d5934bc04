import type { Subject } from '../model/problem.ts';
import { Pause } from '../source/cluster/pause.ts';
import { Turns } from '../source/cluster/turns.ts';
import { RepeatGate, TokenBucket, type EventLimits } from './event-limits.ts';
import { toEventName, type EventDetails, type EventName } from './event.ts';
import { EventStore, type EventResult, type EventStoreOptions } from './event-store.ts';
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
 * former one has told. The same is done when a request has failed: what had an effect nonetheless comes out then.
 */
export class ClusterEvents {
  readonly #options: ClusterEventsOptions;
  readonly #store: EventStore;
  readonly #news: EventNote[] = [];
  readonly #told: RepeatGate;
  readonly #changed: RepeatGate;
  readonly #bucket: TokenBucket;
  readonly #stop = new AbortController();
  readonly #pause = new Pause();
  readonly #turns = new Turns();
  readonly #turn = <T>(work: () => T): Promise<T> => this.#turns.run(work);
  /** Undefined while it is not known what should be there. */
  #diff: WarningDiff | undefined;
  /** Whether it is known what is there. */
  #isCompared = false;
  #compareFrom = 0;
  /** When what was refused or given up is tried once more. */
  #againAt: number | undefined;
  #line = 0;
  #isRunning = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ClusterEventsOptions) {
    const { limits } = options;
    this.#options = options;
    this.#store = new EventStore({ ...options, signal: this.#stop.signal, turn: this.#turn });
    this.#told = new RepeatGate(limits.repeatMs);
    this.#changed = new RepeatGate(limits.changeMs);
    this.#bucket = new TokenBucket(limits, performance.now());
  }

  /** Takes over all Warnings that should be there. */
  want(warnings: ReadonlyMap<string, Warning>): void {
    this.#diff ??= this.#begin();
    this.#diff.want(warnings);
    this.#wake();
  }

  /** Takes over what is told once, and lost when it cannot be. */
  tell(note: EventNote): void {
    const { kind, namespace, name } = note.about;
    const key = `${kind}/${namespace}/${name}|${note.note}`;
    const now = performance.now();
    if (this.#news.length >= this.#options.limits.mostNews || this.#told.wait(key, now) > 0) return;
    this.#told.pass(key, now);
    this.#news.push(note);
    this.#wake();
  }

  /** The leadership has begun or ended: it is not known any more what should be there, and what is. */
  reset(): void {
    this.#diff = undefined;
    this.#news.length = 0;
  }

  /** Resolves when no request is under way. What waits is left to the next leader. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #begin(): WarningDiff {
    const { limits } = this.#options;
    this.#isCompared = false;
    this.#againAt = undefined;
    this.#compareFrom = performance.now() + limits.settleMs;
    return new WarningDiff((warning) => toEventName(this.#toDetails(warning)), limits.mostTries);
  }

  #wake(): void {
    this.#pause.end();
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
      if (ms > 0) await this.#pause.wait(ms, signal);
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
    const news = this.#nextNews();
    if (diff === undefined) return news;
    const againMs = this.#againAt === undefined ? Infinity : this.#againAt - now;
    if (againMs <= 0) return { line: this.#line, run: () => this.#compareAgain(diff) };
    if (!this.#isCompared)
      return now < this.#compareFrom
        ? (news ?? this.#compareFrom - now)
        : { line: this.#line, run: () => this.#compare(diff) };
    const creation = this.#nextCreation(diff, now);
    const tasks = [this.#nextDeletion(diff), news, creation].filter((each) => typeof each === 'object');
    const wait = Math.min(typeof creation === 'number' ? creation : Infinity, againMs);
    return tasks.find(({ line }) => line >= this.#line) ?? tasks[0] ?? (wait < Infinity ? wait : undefined);
  }

  #nextDeletion(diff: WarningDiff): Task | undefined {
    const [event] = diff.outdated;
    return event === undefined ? undefined : { line: 0, run: () => this.#delete(diff, event) };
  }

  #nextNews(): Task | undefined {
    const [note] = this.#news;
    return note === undefined ? undefined : { line: 1, run: () => this.#tell(note) };
  }

  #nextCreation(diff: WarningDiff, now: number): Task | number | undefined {
    let least: number | undefined;
    for (const entry of diff.missing) {
      const { key, former } = entry;
      // Nobody is to see both, the old words and the new ones.
      if (former !== undefined && diff.outdated.has(former))
        return { line: 2, run: () => this.#delete(diff, former) };
      const ms = this.#changed.wait(key, now);
      if (ms === 0) return { line: 2, run: () => this.#create(diff, entry) };
      least = Math.min(ms, least ?? ms);
    }
    return least;
  }

  async #compare(diff: WarningDiff): Promise<void> {
    const { events, result } = await this.#store.list(this.#options.author);
    if (result === 'unknown') return;
    await diff.prepare(this.#turn);
    if (diff !== this.#diff) return;
    const givesUp = diff.compare(events, result === 'done');
    if (givesUp || result === 'refused') this.#tryAgainLater();
    this.#isCompared = true;
  }

  async #compareAgain(diff: WarningDiff): Promise<void> {
    this.#againAt = undefined;
    this.#isCompared = false;
    diff.forgive();
    await this.#compare(diff);
  }

  #tryAgainLater(): void {
    this.#againAt ??= performance.now() + this.#options.limits.againMs;
  }

  async #delete(diff: WarningDiff, event: EventName): Promise<void> {
    diff.deleting(event);
    this.#conclude(diff, event, await this.#store.delete(event));
  }

  async #create(diff: WarningDiff, entry: WantedWarning): Promise<void> {
    diff.creating(entry);
    this.#changed.pass(entry.key, performance.now());
    const result = await this.#store.create(this.#toDetails(entry.warning));
    if (result === 'refused') diff.notCreated(entry);
    this.#conclude(diff, entry.event, result);
  }

  #conclude(diff: WarningDiff, event: EventName, result: EventResult): void {
    if (result === 'refused') this.#tryAgainLater();
    if (result !== 'unknown') return diff.succeeded(event);
    diff.failed(event);
    this.#isCompared = false;
  }

  async #tell(note: EventNote): Promise<void> {
    this.#news.shift();
    const { author, uidOf } = this.#options;
    await this.#store.create({ note, uid: uidOf(note.about), author, occasion: new Date().toISOString() });
  }

  #toDetails(warning: Warning): EventDetails {
    return { note: toWarningNote(warning), uid: warning.uid, author: this.#options.author };
  }
}
