import type { Logger } from 'pino';
import { toObjectKey, toObjectPath, type ObjectKey } from '../model/object-ref.ts';
import type { KubeClient } from '../source/cluster/kube-client.ts';
import { KubeError } from '../source/cluster/kube-error.ts';
import { BackOff, type BackOffSettings } from '../source/cluster/back-off.ts';
import { applyWrite, type ApplyResult } from './apply.ts';
import type { Write } from './write.ts';

/** In milliseconds. */
export interface WriterTimings {
  /** After failures. */
  readonly backOff: BackOffSettings;
  /** How long a write that was made may take to be seen, before it is made again; then twice as long, and so on. */
  readonly observeMs: number;
  /** The pause before a write that was undone is made for the third time; each further one is twice as long. */
  readonly undoneMs: number;
  /** The longest of both pauses. */
  readonly mostPauseMs: number;
  /** After so long without a write of an object, what happened before is forgotten. */
  readonly calmMs: number;
}

export const defaultWriterTimings: WriterTimings = {
  backOff: { firstMs: 500, mostMs: 60_000, healthyMs: 60_000 },
  observeMs: 10_000,
  undoneMs: 1_000,
  mostPauseMs: 300_000,
  calmMs: 600_000,
};

export interface WriterOptions {
  /** The connection to a source; undefined for what is no cluster. */
  readonly clientOf: (source: string) => KubeClient | undefined;
  /** Asked right before each request. */
  readonly isLeader: () => boolean;
  readonly log: Logger;
  readonly timings?: Partial<WriterTimings>;
  /** So many requests go on at a time; default 3. */
  readonly concurrency?: number;
}

/** One object, from its first write until nothing has happened to it for a while. */
interface Entry {
  readonly key: ObjectKey;
  readonly backOff: BackOff;
  /** What is to be written; undefined when nothing is. */
  wanted: { readonly write: Write; readonly text: string } | undefined;
  running: boolean;
  timer: NodeJS.Timeout | undefined;
  /** What was written last, and when. */
  done: { readonly text: string; readonly at: number; readonly seen: boolean } | undefined;
  /** How often in a row that has been undone by somebody. */
  undone: number;
  /** How often in a row that has not been seen in time. */
  unseen: number;
}

/**
 * Carries out what `planWrites` plans, while this process leads: a few requests at a time, each object by itself, with growing
 * pauses after failures. A write that was made is not made again while it has not been seen yet. One that somebody undoes is
 * made again at once, and then at a slower and slower pace, so that two programs that disagree do not flood the server.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #timings: WriterTimings;
  readonly #entries = new Map<ObjectKey, Entry>();
  readonly #ready = new Set<Entry>();
  readonly #running = new Set<Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;
  #stopped = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#timings = { ...defaultWriterTimings, ...options.timings };
    this.#sweeper = setInterval(() => this.#sweep(), 60_000).unref();
  }

  /** How many objects wait for a write. */
  get pending(): number {
    return [...this.#entries.values()].filter(({ wanted }) => wanted !== undefined).length;
  }

  /**
   * Takes over a new plan. Objects that it does not name are settled: all others, or those in `considered` when the plan was
   * made for these only. Call it again after the leadership has begun: what is submitted without it is forgotten.
   */
  submit(writes: readonly Write[], considered?: ReadonlySet<ObjectKey>): void {
    if (this.#stopped) return;
    if (!this.#options.isLeader()) return this.#forgetAll();
    const named = new Set(writes.map(({ ref }) => toObjectKey(ref)));
    for (const key of considered ?? this.#entries.keys()) {
      const entry = named.has(key) ? undefined : this.#entries.get(key);
      if (entry !== undefined) settle(entry);
      if (entry !== undefined) this.#ready.delete(entry);
    }
    for (const write of writes) this.#want(write);
    this.#pump();
  }

  /** Resolves when no request is under way; then nothing is written any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#sweeper);
    this.#forgetAll();
    await Promise.all(this.#running);
  }

  #want(write: Write): void {
    const key = toObjectKey(write.ref);
    const text = JSON.stringify(write);
    const entry = this.#entries.get(key) ?? this.#createEntry(key);
    if (entry.wanted?.text === text) return;
    entry.wanted = { write, text };
    if (entry.running) return;
    const now = performance.now();
    const { done } = entry;
    if (done?.text !== text || now - done.at > this.#timings.calmMs) {
      entry.undone = 0;
      return this.#queue(entry, 0);
    }
    // Planned before the write was seen.
    if (!done.seen) return this.#queue(entry, done.at + this.#timings.observeMs - now);
    entry.undone += 1;
    if (entry.undone === 5)
      this.#options.log.warn(
        { object: toObjectPath(write.ref) },
        'another program keeps undoing what is written here',
      );
    this.#queue(entry, this.#toPause(entry));
  }

  #toPause({ undone }: Entry): number {
    const { undoneMs, mostPauseMs } = this.#timings;
    return undone < 2 ? 0 : Math.min(mostPauseMs, undoneMs * 2 ** Math.min(undone - 2, 20));
  }

  #createEntry(key: ObjectKey): Entry {
    const backOff = new BackOff(this.#timings.backOff);
    const entry: Entry = {
      key,
      backOff,
      wanted: undefined,
      running: false,
      timer: undefined,
      done: undefined,
      undone: 0,
      unseen: 0,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  #queue(entry: Entry, ms: number): void {
    clearTimeout(entry.timer);
    this.#ready.delete(entry);
    if (ms <= 0) {
      this.#ready.add(entry);
      return;
    }
    entry.timer = setTimeout(() => {
      this.#ready.add(entry);
      this.#pump();
    }, ms);
  }

  #pump(): void {
    const { concurrency = 3, isLeader } = this.#options;
    for (const entry of this.#ready) {
      if (this.#running.size >= concurrency) return;
      if (!isLeader()) return this.#forgetAll();
      this.#ready.delete(entry);
      if (entry.wanted === undefined || entry.running) continue;
      const run = this.#run(entry, entry.wanted).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  async #run(entry: Entry, { write, text }: NonNullable<Entry['wanted']>): Promise<void> {
    const { clientOf, isLeader, log } = this.#options;
    const object = toObjectPath(write.ref);
    entry.running = true;
    let pauseMs = this.#timings.observeMs;
    try {
      const client = clientOf(write.ref.source);
      const result: ApplyResult = client === undefined ? 'gone' : await applyWrite(client, write, isLeader);
      const now = performance.now();
      entry.backOff.healthy(now);
      entry.unseen = entry.done?.text === text && !entry.done.seen ? entry.unseen + 1 : 0;
      pauseMs = Math.min(this.#timings.mostPauseMs, pauseMs * 2 ** Math.min(entry.unseen, 20));
      if (result !== 'not-leader') entry.done = { text, at: now, seen: entry.wanted === undefined };
      log.debug({ object, write: write.kind, result }, 'written back');
    } catch (error) {
      const asked = error instanceof KubeError ? (error.retryAfterMs ?? 0) : 0;
      pauseMs = Math.max(asked, entry.backOff.next(performance.now()));
      log.warn({ err: error, object, write: write.kind }, 'cannot be written back yet');
    }
    entry.running = false;
    if (this.#stopped || entry.wanted === undefined) return;
    this.#queue(entry, entry.wanted.text === text ? pauseMs : 0);
  }

  #forgetAll(): void {
    for (const entry of this.#entries.values()) settle(entry);
    this.#ready.clear();
  }

  #sweep(): void {
    const before = performance.now() - this.#timings.calmMs;
    for (const { key, wanted, running, done } of this.#entries.values()) {
      if (wanted === undefined && !running && (done?.at ?? 0) < before) this.#entries.delete(key);
    }
  }
}

/** The object is as it should be, so that what was written has been seen. */
function settle(entry: Entry): void {
  clearTimeout(entry.timer);
  entry.wanted = undefined;
  if (entry.done !== undefined) entry.done = { ...entry.done, seen: true };
}
