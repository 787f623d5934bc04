import type { Logger } from 'pino';
import type { Holder, LedgerState, PortClaim } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import { allocatePorts } from '../ports/allocate.ts';
import type { Ledger, LedgerSnapshot } from '../ports/ledger.ts';
import type { FleetSettings } from '../settings/settings.ts';

/** What the keeper needs of the world around it. */
export interface PortKeeperOptions {
  readonly ledger: Ledger;
  readonly fleets: readonly FleetSettings[];
  readonly log: Logger;
  readonly claims: () => readonly PortClaim[];
  /** Holders whose claims cannot be seen now keep what they have. */
  readonly keep: (holder: Holder) => boolean;
  /** A new state is durable, or other claims are refused than before. */
  readonly changed: () => void;
}

const firstRetryMs = 500;
const lastRetryMs = 30_000;

/**
 * Keeps the ledger in step with the claims: allocates, commits, and only then says so.
 * One commit runs at a time; what changes meanwhile is allocated after it.
 */
export class PortKeeper {
  readonly #options: PortKeeperOptions;
  #snapshot: LedgerSnapshot | undefined;
  #refused: readonly Problem[] = [];
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = firstRetryMs;
  #stopped = false;

  constructor(options: PortKeeperOptions) {
    this.#options = options;
  }

  /** The durable state. @throws Error before `load`. */
  get state(): LedgerState {
    if (this.#snapshot === undefined) throw new Error('the ledger has not been loaded');
    return this.#snapshot.state;
  }

  get refused(): readonly Problem[] {
    return this.#refused;
  }

  /** @throws LedgerDamagedError and the errors of the store. */
  async load(): Promise<void> {
    this.#snapshot = await this.#options.ledger.read();
  }

  /** Allocates soon. Resolves when the claims of this moment are settled, or cannot be for now. */
  settle(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#allocate();
        this.#retryMs = firstRetryMs;
      } catch (error) {
        this.#options.log.error(
          { err: error, ledger: this.#options.ledger.location },
          'the ledger cannot be written; new ports have to wait',
        );
        this.#wakeIn(this.#retryMs * (0.75 + Math.random() / 2));
        this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
      }
    }
  }

  async #allocate(): Promise<void> {
    const { ledger, fleets, claims, keep, changed } = this.#options;
    const { state, version } = this.#snapshot ?? (await ledger.read());
    const allocation = allocatePorts({ claims: claims(), ledger: state, fleets, now: Date.now(), keep });
    if (allocation.nextExpiry !== null) this.#wakeIn(allocation.nextExpiry - Date.now());
    const refusedBefore = JSON.stringify(this.#refused);
    this.#refused = allocation.refused;
    if (allocation.ledger !== state) {
      const result = await ledger.commit(version, allocation.ledger);
      if (result.kind === 'conflict') {
        this.#snapshot = await ledger.read();
        this.#again = true;
      } else {
        this.#snapshot = result.snapshot;
      }
      changed();
    } else if (JSON.stringify(this.#refused) !== refusedBefore) {
      changed();
    }
  }

  #wakeIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    // Node takes no longer time than 2^31 ms; waking too early does no harm.
    this.#timer = setTimeout(() => void this.settle(), Math.min(Math.max(milliseconds, 10), 2_000_000_000));
    this.#timer.unref();
  }
}
