import type { Logger } from 'pino';
import type { Problem } from '../model/problem.ts';
import type { Observer } from '../model/observer.ts';
import type { Change } from '../model/snapshot.ts';
import { BackOff } from '../lib/back-off.ts';
import type { KindCondition } from './condition.ts';
import { HandlerFault, toFailure, type Failure } from './failure.ts';
import { KindStatus } from './kind-status.ts';
import type { KubeClient } from './kube-client.ts';
import { Sleep } from '../lib/sleep.ts';
import { readWatch } from './read-watch.ts';
import { Replica, type Plan } from './replica.ts';
import { pickFrom, type Timings } from './timings.ts';
import type { OnePerTurn } from '../lib/one-per-turn.ts';
import type { KindDefinition } from '../kinds/kind.ts';

export interface ReflectorOptions {
  readonly kind: KindDefinition;
  /** Empty for all namespaces. */
  readonly namespace: string;
  /** The one object that is wanted; all when not given. */
  readonly name?: string;
  readonly source: string;
  readonly client: KubeClient;
  readonly timings: Timings;
  readonly turns: OnePerTurn;
  readonly log: Logger;
  /** Takes over changes. When it throws, it gets them again. */
  readonly changed: (changes: readonly Change[]) => void;
  /** The condition or the problems may have changed. Must not throw. */
  readonly conditionChanged: () => void;
  readonly observer?: Pick<Observer, 'relisted' | 'watchRestarted'> | undefined;
}

/** A reconnect that the server ends at once is a failure, or it would be repeated without end. */
const shortMs = 1_000;
/** A second 410 so soon after a list is not mended by the next list. */
const freshMs = 5_000;
/** Kinds of one group that begin together share what the server says of it. */
const mostSharedMs = 1_000;
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
  #relistDue = 0;
  #listedAt = -freshMs;
  #outSince: number | undefined = performance.now();
  #verb: 'list' | 'watch' = 'list';
  #nudgeable = false;
  #hasWatched = false;
  /** The kind was there, and the last answer was that it is not. */
  #missed = false;
  /** The last list came to its end: what the server has of it is known. */
  #hasRead = false;
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
        if (this.#version !== undefined && performance.now() >= this.#relistDue) this.#version = undefined;
        if (this.#version === undefined && (await this.#isAbsent())) {
          const { client, kind, timings } = this.#options;
          await this.#wait(client.discovery.pauseMs(kind, timings.absentMs), false);
          continue;
        }
        this.#version ??= await this.#list();
        await this.#watch(this.#version);
      } catch (error) {
        if (!this.#stopped) await this.#recover(toFailure(error, { ...this.#options, verb: this.#verb }));
      }
    }
  }

  /** Whether the kind is a custom resource that is not installed. Then there are no objects of it, which is delivered. */
  async #isAbsent(): Promise<boolean> {
    const { kind, client, timings } = this.#options;
    if (kind.cluster?.optional !== true) return false;
    this.#verb = 'list';
    const sharedMs = Math.min(mostSharedMs, timings.absentMs[0] / 2);
    const found = await client.discovery.find(kind, { timeoutMs: timings.pageMs, freshMs: sharedMs });
    if (found !== undefined) {
      this.#missed = false;
      return false;
    }
    this.#stop.signal.throwIfAborted();
    this.#outSince = undefined;
    // An answer that takes routes away has to be given twice: a part of the API may be away for a moment.
    if (this.#replica.size > 0 && !this.#missed) this.#missed = true;
    else {
      await this.#deliverAll(this.#replica.replace().finish());
      this.#hasRead = false;
      this.#status.become('absent');
      this.#status.listed();
    }
    return true;
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
    const version = await client.list(client.discovery.collectionOf(kind, namespace), take, {
      query: { fieldSelector: this.#fieldSelector },
      limit: kind.cluster?.pageSize,
      signal: this.#stop.signal,
      timeoutMs: timings.pageMs,
      turn: (work) => turns.run(work),
    });
    this.#stop.signal.throwIfAborted();
    await this.#deliverAll(replacement.finish());
    this.#hasRead = true;
    if (this.#listedAt >= 0) this.#options.observer?.relisted(this.#options.source, kind.kind);
    this.#listedAt = performance.now();
    this.#relistDue = this.#listedAt + pickFrom(timings.relistMs);
    this.#status.listed();
    return version;
  }

  async #watch(version: string): Promise<void> {
    const { kind, namespace, client, timings } = this.#options;
    this.#verb = 'watch';
    let accepted = Number.NaN;
    const ended = await readWatch(client, client.discovery.collectionOf(kind, namespace), {
      version,
      fieldSelector: this.#fieldSelector,
      timings,
      signal: this.#stop.signal,
      accepted: () => {
        accepted = performance.now();
        if (this.#hasWatched) this.#options.observer?.watchRestarted(this.#options.source, kind.kind);
        this.#hasWatched = true;
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
  }

  async #recover(failure: Failure): Promise<void> {
    const now = performance.now();
    this.#outSince ??= now;
    if (failure.relist) this.#version = undefined;
    const wait = this.#isFirstRefusal(failure) ? 'back-off' : failure.wait;
    if (failure.detail !== '') this.#status.become(failure.denied ? 'denied' : 'retrying', failure);
    if (wait === 'not' && this.#verb === 'watch' && now - this.#listedAt >= freshMs) return;
    if (wait === 'not' || wait === 'back-off')
      return this.#wait(this.#backOff.next(now), failure.relist !== true);
    if (wait === 'long') return this.#wait(pickFrom(this.#options.timings.deniedMs), false);
    return this.#wait(wait.ms * pickFrom([1, 1.2]), false);
  }

  /**
   * A custom resource that may not be read from the start on is done without. As with what takes routes away, that has to be said twice: a
   * server that starts refuses everything until it knows its roles.
   */
  #isFirstRefusal({ denied }: Failure): boolean {
    if (denied !== true || this.#hasRead || this.#options.kind.cluster?.optional !== true) return false;
    const isFirst = this.condition.state !== 'denied';
    if (!isFirst) this.#status.doWithout();
    return isFirst;
  }

  async #wait(ms: number, nudgeable: boolean): Promise<void> {
    this.#nudgeable = nudgeable;
    await this.#sleep.wait(ms, this.#stop.signal);
    this.#nudgeable = false;
  }

  get #fieldSelector(): string | undefined {
    const { kind } = this.#options;
    const name = this.#options.name ?? kind.cluster?.name;
    return name === undefined ? kind.cluster?.fieldSelector : `metadata.name=${name}`;
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }
}
