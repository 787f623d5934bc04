import type { Logger } from 'pino';
import type { Problem } from '../../model/problem.ts';
import type { Change } from '../../model/snapshot.ts';
import { BackOff } from './back-off.ts';
import type { KindCondition, KindStats } from './condition.ts';
import { HandlerFault, toFailure, type Failure, type RelistReason, type RestartReason } from './failure.ts';
import type { KubeClient } from './kube-client.ts';
import { Pause } from './pause.ts';
import { readWatch } from './read-watch.ts';
import { Replica, type Plan } from './replica.ts';
import { pickFrom, type Timings } from './timings.ts';
import type { Turns } from './turns.ts';
import { toCollectionPath, type WatchedKind } from './watched-kinds.ts';

export interface ReflectorOptions {
  readonly kind: WatchedKind;
  /** Empty for all namespaces. */
  readonly namespace: string;
  readonly source: string;
  readonly client: KubeClient;
  readonly timings: Timings;
  readonly turns: Turns;
  readonly log: Logger;
  /** Takes over changes. When it throws, it gets them again. */
  readonly changed: (changes: readonly Change[]) => void;
  /** The condition or the problems may be others now. Must not throw. */
  readonly conditionChanged: () => void;
}

/** A reconnect that the server ends at once is a failure, or it would be repeated without end. */
const shortMs = 1_000;
/** A second 410 so soon after a list is not mended by the next list. */
const freshMs = 5_000;

/**
 * Keeps a listener up to date about one kind of object: lists all of them, follows the changes, and lists again when the
 * changes cannot be followed. It goes on until it is stopped, whatever happens.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #replica: Replica;
  readonly #backOff: BackOff;
  readonly #stop = new AbortController();
  readonly #pause = new Pause();
  readonly #relists: Partial<Record<RelistReason, number>> = {};
  readonly #restarts: Partial<Record<RestartReason, number>> = {};
  /** Where the next watch begins; undefined: at a new list. */
  #version: string | undefined;
  #relistReason: RelistReason = 'start';
  #relistDue = 0;
  #listedAt = -freshMs;
  #lastEventAt: number | undefined;
  #outSince: number | undefined = performance.now();
  #verb: 'list' | 'watch' = 'list';
  #nudgeable = false;
  #running: Promise<void> = Promise.resolve();
  #condition: KindCondition;

  constructor(options: ReflectorOptions) {
    const { kind, namespace, source, timings } = options;
    this.#options = options;
    this.#replica = new Replica(kind, source);
    this.#backOff = new BackOff(timings.backOff);
    const since = new Date().toISOString();
    this.#condition = {
      kind: kind.kind,
      namespace,
      state: 'listing',
      synced: false,
      since,
      detail: '',
      hint: '',
    };
  }

  get condition(): KindCondition {
    return this.#condition;
  }

  /** When the server last answered, on the clock of `performance.now`; undefined while a watch is open. */
  get outSince(): number | undefined {
    return this.#outSince;
  }

  /** What is wrong with single objects. */
  problems(): IterableIterator<Problem> {
    return this.#replica.problems();
  }

  stats(): KindStats {
    const { kind, namespace } = this.#condition;
    const age = this.#lastEventAt === undefined ? undefined : performance.now() - this.#lastEventAt;
    const counts = { relists: { ...this.#relists }, watchRestarts: { ...this.#restarts } };
    return { kind, namespace, objects: this.#replica.size, ...counts, lastEventAgeMs: age };
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves once nothing is under way; then nothing is delivered any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Says that the server answers again: there is no need to wait for the end of the back-off. */
  nudge(): void {
    if (this.#nudgeable) this.#pause.end();
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
    if (this.#condition.detail === '') this.#become('listing');
    const replacement = this.#replica.replace();
    const pages = client.list(toCollectionPath(kind, namespace), {
      query: { fieldSelector: kind.fieldSelector },
      signal: this.#stop.signal,
      timeoutMs: timings.pageMs,
      turn: (work) => turns.run(work),
    });
    let version = '';
    for await (const page of pages) {
      this.#outSince = performance.now();
      version = page.version;
      await turns.run(() => replacement.add(page.items));
    }
    this.#stop.signal.throwIfAborted();
    this.#deliver(replacement.finish());
    this.#relists[this.#relistReason] = (this.#relists[this.#relistReason] ?? 0) + 1;
    this.#listedAt = performance.now();
    this.#relistDue = this.#listedAt + pickFrom(timings.relistMs);
    this.#condition = { ...this.#condition, synced: true };
    this.#options.conditionChanged();
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
        this.#become('watching');
      },
      events: (events, last) => {
        this.#deliver(this.#replica.follow(events));
        this.#version = last;
      },
    }).finally(() => {
      this.#outSince ??= performance.now();
    });
    if (this.#stopped) return;
    this.#count(ended);
    if (ended === 'closed' && performance.now() - accepted < shortMs) {
      await this.#wait(this.#backOff.next(performance.now()), true);
    }
  }

  #deliver({ changes, commit }: Plan): void {
    const hadProblems = !this.#replica.problems().next().done;
    if (changes.length > 0) {
      try {
        this.#options.changed(changes);
      } catch (error) {
        throw new HandlerFault(`Changes could not be taken over: ${String(error)}`);
      }
      this.#lastEventAt = performance.now();
    }
    commit();
    if (hadProblems || !this.#replica.problems().next().done) this.#options.conditionChanged();
  }

  async #recover(failure: Failure): Promise<void> {
    const now = performance.now();
    if (this.#verb === 'watch') this.#count(failure.restart);
    if (failure.relist !== undefined) this.#markDirty(failure.relist);
    if (failure.detail !== '') {
      this.#become(failure.restart === 'denied' ? 'denied' : 'retrying', failure);
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
    await this.#pause.wait(ms, this.#stop.signal);
    this.#nudgeable = false;
  }

  #markDirty(reason: RelistReason): void {
    this.#version = undefined;
    this.#relistReason = reason;
  }

  #count(reason: RestartReason): void {
    this.#restarts[reason] = (this.#restarts[reason] ?? 0) + 1;
  }

  #become(
    state: KindCondition['state'],
    { detail, hint }: { detail: string; hint: string } = { detail: '', hint: '' },
  ): void {
    const former = this.#condition;
    if (former.state === state && former.detail === detail) return;
    const since = former.state === state ? former.since : new Date().toISOString();
    this.#condition = { ...former, state, since, detail, hint };
    const { kind, namespace, log } = { ...this.#condition, log: this.#options.log };
    if (detail !== '') log.warn({ kind, namespace, detail }, 'kind cannot be followed');
    else if (former.detail !== '') log.info({ kind, namespace }, 'kind is followed again');
    this.#options.conditionChanged();
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }
}
