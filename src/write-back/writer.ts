import type { Logger } from 'pino';
import { toObjectPath, type ObjectKey } from '../model/object-ref.ts';
import type { Observer } from '../model/observer.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import { KubeError } from '../kubernetes/kube-error.ts';
import type { BackOffSettings } from '../lib/back-off.ts';
import { pickFrom, type Span } from '../kubernetes/timings.ts';
import { applyWrite, MissingRightError, StaleWriteError, type ApplyResult } from './apply.ts';
import type { MissingRights } from './missing-rights.ts';
import { createEntry, settle, toEntryKey, toText, type EntryKey, type WriteEntry } from './write-entry.ts';
import { WriteRights, type PendingWrite } from './write-rights.ts';
import { writeKinds, type Write } from './write.ts';

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

export type WriteObserver = Pick<Observer, 'conflicted' | 'writeFailed' | 'wroteBack'>;

export interface WriterOptions {
  /** The connection to a source; undefined for what is no cluster. */
  readonly clientOf: (source: string) => KubeClient | undefined;
  /** Of each source that can be written to. */
  readonly rights: ReadonlyMap<string, MissingRights>;
  /** Asked right before each request. */
  readonly isLeader: () => boolean;
  readonly observer?: WriteObserver | undefined;
  readonly log: Logger;
  readonly timings?: Partial<WriterTimings>;
  /** So many requests go on at a time; default 3. */
  readonly concurrency?: number;
}

function* listEntryKeys(objects: Iterable<ObjectKey>): Iterable<EntryKey> {
  for (const object of objects) for (const kind of writeKinds) yield `${object} ${kind}`;
}

/** Objects that wait for the same right do not all look for it at once: whichever does first tries it. */
const lackSpan: Span = [0, 5_000];

/**
 * Carries out what `planWrites` plans, while this process leads: a few requests at a time, each object by itself, with growing
 * pauses after failures. A write that was made is not made again while it has not been seen yet. One that somebody undoes is
 * made again at once, and then at a slower and slower pace, so that two programs that disagree do not flood the server.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #timings: WriterTimings;
  readonly #rights: WriteRights;
  readonly #entries = new Map<EntryKey, WriteEntry>();
  readonly #ready = new Set<WriteEntry>();
  readonly #running = new Set<Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;
  #stopped = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#timings = { ...defaultWriterTimings, ...options.timings };
    this.#rights = new WriteRights(options.rights);
    this.#rights.onRestored(() => this.#retry());
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
    const named = new Set(writes.map(toEntryKey));
    for (const key of considered === undefined ? this.#entries.keys() : listEntryKeys(considered)) {
      const entry = named.has(key) ? undefined : this.#entries.get(key);
      if (entry !== undefined) settle(entry);
      if (entry !== undefined) this.#ready.delete(entry);
    }
    for (const write of writes) this.#want(write);
    this.#rights.keep(() => this.#pendingWrites());
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
    const key = toEntryKey(write);
    const text = toText(write);
    const entry = this.#entries.get(key) ?? createEntry(key, this.#timings.backOff);
    this.#entries.set(key, entry);
    const isKnown = entry.wanted?.text === text;
    entry.wanted = { write, text };
    if (isKnown) {
      if (entry.isStale && !entry.running) this.#queue(entry, 0);
      return;
    }
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

  #toPause({ undone }: WriteEntry): number {
    const { undoneMs, mostPauseMs } = this.#timings;
    return undone < 2 ? 0 : Math.min(mostPauseMs, undoneMs * 2 ** Math.min(undone - 2, 20));
  }

  #queue(entry: WriteEntry, ms: number): void {
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
      if (entry.wanted === undefined || entry.running || this.#isHeldBack(entry, entry.wanted.write))
        continue;
      const run = this.#run(entry, entry.wanted).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  async #run(entry: WriteEntry, { write, text }: NonNullable<WriteEntry['wanted']>): Promise<void> {
    const { clientOf, log } = this.#options;
    entry.running = true;
    entry.isStale = false;
    let pauseMs = this.#timings.observeMs;
    try {
      const client = clientOf(write.ref.source);
      const result: ApplyResult = client === undefined ? 'gone' : await this.#apply(client, write);
      const now = performance.now();
      if (result !== 'not-leader') this.#succeed(entry, write, now);
      entry.unseen = entry.done?.text === text && !entry.done.seen ? entry.unseen + 1 : 0;
      pauseMs = Math.min(this.#timings.mostPauseMs, pauseMs * 2 ** Math.min(entry.unseen, 20));
      if (result !== 'not-leader') entry.done = { text, at: now, seen: entry.wanted === undefined };
      log.debug({ object: toObjectPath(write.ref), write: write.kind, result }, 'written back');
    } catch (error) {
      pauseMs = this.#fail(entry, write, error);
    }
    entry.running = false;
    if (this.#stopped || entry.wanted === undefined) return;
    const isPlannedAgain = entry.isStale && entry.wanted.write !== write;
    this.#queue(entry, entry.wanted.text === text && !isPlannedAgain ? pauseMs : 0);
  }

  async #apply(client: KubeClient, write: Write): Promise<ApplyResult> {
    const { isLeader, observer } = this.#options;
    observer?.wroteBack(write.ref.source);
    const target = write.kind === 'annotations' ? 'annotations' : 'status';
    return applyWrite(client, write, { isLeader, conflicted: () => observer?.conflicted(target) });
  }

  #succeed(entry: WriteEntry, write: Write, now: number): void {
    entry.backOff.healthy(now);
    entry.complaint = '';
    this.#rights.worked({ write, lack: entry.lack }, now);
    entry.lack = undefined;
  }

  /** Returns how long to wait. */
  #fail(entry: WriteEntry, write: Write, error: unknown): number {
    const { ref, kind } = write;
    const { log } = this.#options;
    this.#options.observer?.writeFailed(ref.source);
    const now = performance.now();
    const detail = error instanceof Error ? error.message : String(error);
    const about = { object: toObjectPath(ref), source: ref.source, write: kind, detail };
    if (error instanceof MissingRightError) {
      // A problem of the source, and not of each object.
      log.debug(about, 'may not be written back');
      entry.lack = error.right;
      this.#rights.refused(write, error.right, now);
    } else if (error instanceof StaleWriteError) {
      log.debug(about, 'somebody else has written first');
      entry.isStale = true;
    } else if (detail === entry.complaint) log.debug(about, 'still cannot be written back');
    else log.warn(about, 'cannot be written back yet');
    entry.complaint = detail;
    const asked = error instanceof KubeError ? (error.retryAfterMs ?? 0) : 0;
    return Math.max(asked, entry.backOff.next(now));
  }

  /** Whether it waits for a right that is missing, and is not the one to try it now. */
  #isHeldBack(entry: WriteEntry, write: Write): boolean {
    const { ms, right } = this.#rights.wait({ write, lack: entry.lack }, performance.now());
    if (ms === 0) return false;
    entry.lack = right;
    this.#queue(entry, ms + pickFrom(lackSpan));
    return true;
  }

  *#pendingWrites(): Iterable<PendingWrite> {
    for (const { wanted, lack } of this.#entries.values())
      if (wanted !== undefined) yield { write: wanted.write, lack };
  }

  /** Rights that were missing may be there again. */
  #retry(): void {
    for (const entry of this.#entries.values())
      if (entry.lack !== undefined && entry.wanted !== undefined && !entry.running) this.#queue(entry, 0);
    this.#pump();
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
