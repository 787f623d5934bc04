import type { Logger } from 'pino';
import type { Problem } from '../model/problem.ts';
import type { Change } from '../model/snapshot.ts';
import { BackOff } from '../lib/back-off.ts';
import type { KindCondition, KindStats } from './condition.ts';
import { HandlerFault, toFailure, type Failure, type RelistReason } from './failure.ts';
import { KindStatus } from './kind-status.ts';
import type { KubeClient } from './kube-client.ts';
import { Sleep } from '../lib/sleep.ts';
import { readWatch } from './read-watch.ts';
import { Replica, type Plan } from './replica.ts';
import { pickFrom, type Timings } from './timings.ts';
import type { OnePerTurn } from '../lib/one-per-turn.ts';
import { toCollectionPath, type WatchedKind } from '../kinds/watched-kinds.ts';

export interface ReflectorOptions {
  readonly kind: WatchedKind;
  /** Empty for all namespaces. */
  readonly namespace: string;
  readonly source: string;
  readonly client: KubeClient;
  readonly timings: Timings;
  readonly turns: OnePerTurn;
  readonly log: Logger;
  /** Takes over changes. When it throws, it gets them again. */
  readonly changed: (changes: readonly Change[]) => void;
  /** The condition or the problems may have changed. Must not throw. */
  readonly conditionChanged: () => void;
}

/** A reconnect that the server ends at once is a failure, or it would be repeated without end. */
const shortMs = 1_000;
/** A second 410 so soon after a list is not mended by the next list. */
const freshMs = 5_000;
/** So many changes are handed over in one turn of the event loop. */
const pieceSize = 200;

/**
 * Keeps a listener up to date about one kind of object: lists all of them, follows the changes, and lists again when the
 * changes cannot be followed. It goes on until it is stopped, whatever happens.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #replica: Replica;
  readonly #backOff: BackOff;
  readonly #stop = new AbortController();
  readonly #sleep = new Sleep();
  readonly #status: KindStatus;
  /** Where the next watch begins; undefined: at a new list. */
  #version: string | undefined;
  #relistReason: RelistReason = 'start';
  #relistDue = 0;
  #listedAt = -freshMs;
  #outSince: number | undefined = performance.now();
  #verb: 'list' | 'watch' = 'list';
  #nudgeable = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ReflectorOptions) {
    const { kind, namespace, source, timings } = options;
    this.#options = options;
    this.#replica = new Replica(kind, source);
    this.#backOff = new BackOff(timings.backOff);
    this.#status = new KindStatus({ kind: kind.kind, namespace }, options.log, options.conditionChanged);
  }

  get condition(): KindCondition {
    return this.#status.condition;
  }

  /** When the server last answered, on the clock of `performance.now`; undefined while a watch is open. */
  get outSince(): number | undefined {
    return this.#outSince;
  }

  /** What is wrong with single objects. */
  problems(): IterableIterator<Problem> {
    return this.#replica.problems();
  }

  /** Another number when `problems` may have changed. */
  get problemRevision(): number {
    return this.#replica.revision;
  }

  stats(): KindStats {
    return this.#status.toStats(this.#replica.size);
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => {
      // Only a defect of this class comes here. The kind goes stale, which the status shows.
      this.#options.log.error({ err: error, kind: this.condition.kind }, 'reflector ended');
    });
  }

  /** Resolves once nothing is under way; then nothing is delivered any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Says that the server answers again: there is no need to wait for the end of the back-off. */
  nudge(): void {
    if (this.#nudgeable) this.#sleep.end();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        if (this.#version !== undefined && performance.now() >= this.#relistDue) this.#markDirty('safety');
        this.#version ??= await this.#list();
        await this.#watch(this.#version);
      } catch (error) {
        if (!this.#stopped) await this.#recover(toFailure(error, { ...this.#options, verb: this.#verb }));
      }
    }
  }

  async #list(): Promise<string> {
    const { kind, namespace, client, timings, turns } = this.#options;
    this.#verb = 'list';
    if (this.condition.detail === '') this.#status.become('listing');
    const replacement = this.#replica.replace();
    const take = (items: readonly unknown[]): void => {
      this.#outSince = performance.now();
      replacement.add(items);
    };
    const version = await client.list(toCollectionPath(kind, namespace), take, {
      query: { fieldSelector: kind.fieldSelector },
      signal: this.#stop.signal,
      timeoutMs: timings.pageMs,
      turn: (work) => turns.run(work),
    });
    this.#stop.signal.throwIfAborted();
    await this.#deliverAll(replacement.finish());
    this.#listedAt = performance.now();
    this.#relistDue = this.#listedAt + pickFrom(timings.relistMs);
    this.#status.listed(this.#relistReason);
    return version;
  }

  async #watch(version: string): Promise<void> {
    const { kind, namespace, client, timings } = this.#options;
    this.#verb = 'watch';
    let accepted = Number.NaN;
    const ended = await readWatch(client, toCollectionPath(kind, namespace), {
      version,
      fieldSelector: kind.fieldSelector,
      timings,
      signal: this.#stop.signal,
      accepted: () => {
        accepted = performance.now();
        this.#outSince = undefined;
        this.#backOff.healthy(accepted);
        this.#status.become('watching');
      },
      events: (events, last) => {
        this.#deliver(this.#replica.follow(events));
        this.#version = last;
      },
    }).finally(() => {
      this.#outSince ??= performance.now();
      if (this.condition.state === 'watching') this.#status.become('connecting');
    });
    if (this.#stopped) return;
    this.#status.watchEnded(ended);
    if (ended === 'closed' && performance.now() - accepted < shortMs) {
      await this.#wait(this.#backOff.next(performance.now()), true);
    }
  }

  // In pieces, so that taking over a whole cluster does not hold up the event loop.
  async #deliverAll({ changes, commit }: Plan): Promise<void> {
    try {
      for (let start = 0; start < changes.length; start += pieceSize) {
        await this.#options.turns.run(() => {
          if (!this.#stopped) this.#hand(changes.slice(start, start + pieceSize));
        });
      }
    } catch (error) {
      this.#replica.doubt(changes);
      throw error;
    }
    this.#stop.signal.throwIfAborted();
    this.#commit(commit);
  }

  #deliver({ changes, commit }: Plan): void {
    this.#hand(changes);
    this.#commit(commit);
  }

  #commit(commit: () => void): void {
    const { revision } = this.#replica;
    commit();
    if (this.#replica.revision !== revision) this.#options.conditionChanged();
  }

  #hand(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    try {
      this.#options.changed(changes);
    } catch (error) {
      this.#replica.doubt(changes);
      throw new HandlerFault(`Changes could not be taken over: ${String(error)}`);
    }
    this.#status.delivered();
  }

  async #recover(failure: Failure): Promise<void> {
    const now = performance.now();
    if (this.#verb === 'watch') this.#status.watchEnded(failure.restart);
    if (failure.relist !== undefined) this.#markDirty(failure.relist);
    if (failure.detail !== '') {
      this.#status.become(failure.restart === 'denied' ? 'denied' : 'retrying', failure);
    }
    const { wait } = failure;
    if (wait === 'not' && this.#verb === 'watch' && now - this.#listedAt >= freshMs) return;
    if (wait === 'not' || wait === 'back-off')
      return this.#wait(this.#backOff.next(now), failure.relist === undefined);
    if (wait === 'long') return this.#wait(pickFrom(this.#options.timings.deniedMs), false);
    return this.#wait(wait.ms * pickFrom([1, 1.2]), false);
  }

  async #wait(ms: number, nudgeable: boolean): Promise<void> {
    this.#nudgeable = nudgeable;
    await this.#sleep.wait(ms, this.#stop.signal);
    this.#nudgeable = false;
  }

  #markDirty(reason: RelistReason): void {
    this.#version = undefined;
    this.#relistReason = reason;
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }
}
