import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { KubeClient } from './kube-client.ts';
import { KubeError } from './kube-error.ts';
import { toMoment } from '../lib/moment.ts';
import { Sleep } from '../lib/sleep.ts';
import type { Moment } from '../model/moment.ts';
import { pickFrom } from './timings.ts';
import { LeaseStore, type Lease } from './lease.ts';

/** In milliseconds. `renewMs` has to be well below nine tenths of `leaseMs`, `retryMs` well below that, and `lookMs` below a twentieth of `leaseMs`. */
export interface LeaderTimings {
  /** The time of the Lease: how long it takes at most from the death of a leader to the first write of the next one. */
  readonly leaseMs: number;
  /** How long the leader counts itself as one after its last successful renewal. */
  readonly renewMs: number;
  /** The pause between two renewals, and after a failure, give or take a fifth. */
  readonly retryMs: number;
  /** The pause between two looks of a follower, give or take a fifth: so late may it see a renewal. */
  readonly lookMs: number;
}

export const defaultLeaderTimings: LeaderTimings = {
  leaseMs: 15_000,
  renewMs: 10_000,
  retryMs: 2_000,
  lookMs: 500,
};

/**
 * The part of the Lease's time that a follower waits after it saw the last sign of life. The rest is for all else that passes
 * until something is written again: the sign is seen up to a look late, the Lease has to be taken, and a port to be allocated.
 * It is safe because a leader counts itself as one for a shorter time, `renewMs`, and from before its renewal was sent.
 */
const patience = 0.9;
/** Followers that have waited for the same end do not all ask for the Lease at once. */
const spreadMs = 100;

export interface LeaderOptions {
  /** Best one of its own: behind many other requests a renewal would come too late. */
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** The ledger that the leader writes, as `namespace/name`; absent: none in the cluster. */
  readonly ledger?: string | undefined;
  readonly log: Logger;
  readonly timings?: LeaderTimings;
  /** Default the host name and a random part. Two processes must never have the same. */
  readonly identity?: string;
}

/**
 * Elects one of several replicas by a Lease. Nothing is decided by the clocks of other machines: whether a holder is alive is
 * judged by the time since its last write was seen here. A leader stops counting as one in time, without any timer, so that
 * also a process that was paused knows it at once when it wakes up. What it had sent before may still arrive: whatever must
 * not be written twice has to be written by compare-and-swap.
 */
export class LeaderElection {
  readonly identity: string;
  readonly #options: LeaderOptions;
  readonly #timings: LeaderTimings;
  readonly #leases: LeaseStore;
  readonly #listeners = new Set<(leading: boolean) => void>();
  readonly #stop = new AbortController();
  readonly #sleep = new Sleep();
  #running: Promise<void> = Promise.resolve();
  #lease: Lease | undefined;
  #seenAt = performance.now();
  /** When the request that made or renewed the leadership was sent. */
  #renewedAt: Moment | undefined;
  #reported = false;
  #expiry: NodeJS.Timeout | undefined;
  #complaint = '';

  constructor(options: LeaderOptions) {
    const { client, namespace, name, ledger, timings = defaultLeaderTimings } = options;
    this.#options = options;
    this.#timings = timings;
    this.identity = options.identity ?? `${hostname()}_${randomUUID()}`;
    this.#leases = new LeaseStore(client, namespace, name, ledger);
  }

  /** Ask right before each write: true for at most `renewMs` after a successful renewal was sent. */
  get isLeader(): boolean {
    return this.#renewedAt !== undefined && since(this.#renewedAt) < this.#timings.renewMs;
  }

  /** Who held the Lease when it was last seen; empty for nobody. */
  get leader(): string {
    return this.#lease?.holder ?? '';
  }

  /** Calls `changed` when the leadership begins or ends, until the returned function is called. */
  onChange(changed: (leading: boolean) => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  start(): void {
    this.#running = this.#run();
  }

  /**
   * Ends the leadership at once and gives the Lease back, so that the successor need not wait for its end. Whatever writes
   * as the leader has to be stopped before.
   */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    const wasLeading = this.#renewedAt !== undefined;
    this.#resign();
    if (!wasLeading) return;
    await this.#release().catch((error: unknown) => {
      this.#options.log.warn(
        { err: error },
        'the lease could not be given back; the next leader has to wait',
      );
    });
  }

  async #release(): Promise<void> {
    const request = { timeoutMs: this.#timings.retryMs };
    const tenure = { holder: '', durationMs: 1_000, now: new Date() };
    // Read again: a renewal that was cut short may have been carried out.
    const lease = await this.#leases.read(request);
    if (lease?.holder === this.identity) await this.#leases.write(lease, tenure, request);
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#try();
        this.#complaint = '';
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#complain(error);
      }
      this.#report();
      await this.#sleep.wait(this.#toPause(), this.#stop.signal);
    }
  }

  #toPause(): number {
    const { lookMs, retryMs } = this.#timings;
    const pauseMs = this.isLeader || this.#complaint !== '' ? retryMs : lookMs;
    const endMs = this.#leftMs(this.#lease) || Infinity;
    return Math.min(pickFrom([pauseMs * 0.8, pauseMs * 1.2]), endMs + pickFrom([0, spreadMs]));
  }

  async #try(): Promise<void> {
    // The leader knows the Lease as it wrote it; that somebody else wrote since comes out as a conflict.
    if (!this.isLeader) await this.#look();
    if (await this.#claim()) return;
    // Somebody else came first, or an own write whose answer was lost: the Lease tells.
    await this.#look();
    await this.#claim();
  }

  async #look(): Promise<void> {
    this.#see(await this.#leases.read(this.#toRequest()));
  }

  /** Takes or renews the Lease unless somebody else has it. False: it is not the one that was seen last. */
  async #claim(): Promise<boolean> {
    if (this.#leftMs(this.#lease) > 0) {
      this.#resign();
      return true;
    }
    const sentAt = toMoment();
    const tenure = { holder: this.identity, durationMs: this.#timings.leaseMs, now: new Date() };
    try {
      this.#see(await this.#leases.write(this.#lease, tenure, this.#toRequest()));
    } catch (error) {
      if (error instanceof KubeError && error.status === 409) return false;
      throw error;
    }
    this.#renewedAt = sentAt;
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#report(), this.#timings.renewMs - since(sentAt) + 1);
    return true;
  }

  /** How long the Lease still belongs to somebody else. */
  #leftMs(lease: Lease | undefined): number {
    if (lease === undefined || lease.holder === '' || lease.holder === this.identity) return 0;
    const patienceMs = patience * (lease.durationMs ?? this.#timings.leaseMs);
    return Math.max(0, this.#seenAt + patienceMs - performance.now());
  }

  #see(lease: Lease | undefined): void {
    if (lease === undefined || lease.version !== this.#lease?.version) this.#seenAt = performance.now();
    this.#lease = lease;
  }

  // A request that hangs must leave time for another one before the leadership is over.
  #toRequest() {
    return { signal: this.#stop.signal, timeoutMs: this.#timings.renewMs / 3 };
  }

  #resign(): void {
    this.#renewedAt = undefined;
    clearTimeout(this.#expiry);
    this.#report();
  }

  #report(): void {
    const leading = this.isLeader;
    if (leading === this.#reported) return;
    this.#reported = leading;
    const { log } = this.#options;
    log.info({ identity: this.identity, leader: this.leader }, leading ? 'leading' : 'not leading any more');
    for (const listener of this.#listeners) {
      try {
        listener(leading);
      } catch (error) {
        log.error({ err: error }, 'listener failed');
      }
    }
  }

  #complain(error: unknown): void {
    const { log, namespace, name } = this.#options;
    const message = toComplaint(error, namespace);
    // Once, and not every two seconds.
    if (message !== this.#complaint) log.warn({ lease: `${namespace}/${name}`, detail: message }, 'no lease');
    this.#complaint = message;
  }
}

function toComplaint(error: unknown, namespace: string): string {
  if (!(error instanceof KubeError)) return String(error);
  if (error.status === 403)
    return `The role lacks a right: grant get, create and update on leases of coordination.k8s.io by a Role in the namespace ${namespace}.`;
  if (error.status === 404) return `The namespace ${namespace} does not exist: create it.`;
  return error.message;
}

/** The steady clock may stand still while a machine sleeps, and the other one jumps: whichever says more counts. */
function since({ steady, wall }: Moment): number {
  return Math.max(performance.now() - steady, Date.now() - wall);
}
