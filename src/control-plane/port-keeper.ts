import type { Logger } from 'pino';
import { countBanks, type BankStates } from '../model/bank.ts';
import type { Holder, LedgerState, PortClaim } from '../model/ports.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import { allocatePorts, type Allocation, type AllocationInput } from '../ports/allocation/allocate.ts';
import {
  absentVersion,
  LedgerUnavailableError,
  type Ledger,
  type LedgerSnapshot,
} from '../ports/ledger/ledger.ts';
import { ClockJumps, type ClockLag } from '../lib/clock-jumps.ts';
import { SerialWorker } from '../lib/serial-worker.ts';
import { settleBanks, type BankInput } from '../ports/banks/settle-banks.ts';
import { listPending } from '../ports/allocation/list-pending.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { PendingClaims } from './pending-claims.ts';

/** A ledger that others may write to as well, and that then says so. */
export interface SharedLedger extends Ledger {
  watch?(changed: (snapshot: LedgerSnapshot) => void, failed: (error: unknown) => void): () => Promise<void>;
  /** What it last said, as far as this machine knows: for a start at which it cannot be read. */
  recall?(): Promise<LedgerState | undefined>;
}

/** What a lost ledger held. */
export interface Restored {
  readonly ledger: LedgerState;
  /** Whether all objects are known that may show it. */
  readonly isWhole: boolean;
}

/** What the keeper needs of the world around it. */
export interface PortKeeperOptions {
  readonly ledger: SharedLedger;
  readonly fleets: readonly FleetSettings[];
  readonly log: Logger;
  readonly claims: () => readonly PortClaim[];
  /** Holders whose claims cannot be seen now keep what they have. */
  readonly keep: (holder: Holder) => boolean;
  /** Whether this replica allocates and writes: of several only the leader does. */
  readonly mayWrite: () => boolean;
  /** Who polls which banks; undefined while that is not known. Only asked for when this replica writes. */
  readonly polls?: () => Pick<BankInput, 'polls' | 'watchedSince'> | undefined;
  /** What a lost ledger held, as far as the objects show. */
  readonly restore: () => Restored;
  /** The ledger could not be read or written; it is tried again. */
  readonly failed?: () => void;
  /** Called when somebody else has written the ledger first. */
  readonly conflicted?: () => void;
  /** This replica has made another state durable. */
  readonly committed: (before: LedgerState, after: LedgerState) => void;
  /** Another state is durable, or the refused claims have changed. */
  readonly changed: () => void;
}

const firstRetryMs = 500;
const lastRetryMs = 30_000;
/** How often it is looked what has become of the banks: they close by time alone. */
const bankTickMs = 15_000;
/** How soon it is looked again whether a lost ledger can be made again. */
const restoreRetryMs = 2_000;

/**
 * Keeps the ledger in step with the claims: allocates, commits, and only then says so.
 * One commit runs at a time; what changes meanwhile is allocated after it.
 */
export class PortKeeper {
  readonly #options: PortKeeperOptions;
  #snapshot: LedgerSnapshot | undefined;
  /** Served until the ledger has been read. */
  #recalled: LedgerState | undefined;
  #refused: readonly Problem[] = [];
  #banks: BankStates = new Map();
  /** The last versions that were replaced by commits of this process. `absent` is not one of them: a ledger may be deleted again. */
  #replaced: ReadonlySet<string> = new Set();
  readonly #worker = new SerialWorker(() => this.#run());
  #unwatch: (() => Promise<void>) | undefined;
  #retryMs = firstRetryMs;
  #trouble: Problem | undefined;
  #stopped = false;
  #isRestoring = false;
  readonly #jumps: ClockJumps;
  readonly #pending = new PendingClaims();
  /** The problems as they were when it was said last that they have changed. */
  #reported = '[]';

  constructor(options: PortKeeperOptions) {
    this.#options = options;
    const cooldowns = options.fleets.flatMap(({ pools }) => pools.map(({ cooldownMs }) => cooldownMs));
    this.#jumps = new ClockJumps(Math.max(0, ...cooldowns));
  }

  /** The durable state; undefined until it has been read. */
  get state(): LedgerState | undefined {
    return this.#snapshot?.state ?? this.#recalled;
  }

  /** The banks of each fleet; empty until the ledger has been read. */
  get banks(): BankStates {
    return this.#banks;
  }

  /** How much less has cooled down than the clock says: by this ports are allocated. */
  get clockLag(): ClockLag {
    return this.#jumps.read();
  }

  /** Why the ledger cannot be used, to be set behind its name; empty when it can. */
  get trouble(): string {
    return this.#trouble === undefined ? '' : ` (${this.#trouble.message.replace(/\.$/, '')})`;
  }

  /** Claims that are refused or wait, and a ledger that cannot be used. */
  get problems(): readonly Problem[] {
    const why = this.#trouble === undefined ? 'no leader has recorded it' : 'the ledger cannot be written';
    const waiting = this.#pending.problems(performance.now(), why);
    return [...this.#refused, ...waiting, ...(this.#trouble === undefined ? [] : [this.#trouble])];
  }

  /** Whether the ledger is empty and objects show that it was not: the others are waited for, or the leader, who writes it. */
  get isRestoring(): boolean {
    return this.#isRestoring;
  }

  /** Reads the ledger. One that cannot be reached is asked again and again. @throws LedgerDamagedError */
  async start(): Promise<void> {
    try {
      this.#snapshot = await this.#options.ledger.read();
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError) || this.#options.ledger.watch === undefined) throw error;
      this.#fail(error, 'the ledger cannot be read; it is asked again');
      this.#recalled = await this.#options.ledger.recall?.();
    }
    this.#unwatch = this.#options.ledger.watch?.(
      (snapshot) => this.#take(snapshot),
      (error) => this.#fail(error, 'the ledger cannot be read; it is asked again'),
    );
  }

  /** Allocates soon. Resolves when the claims of this moment are settled, or cannot be for now. */
  settle(): Promise<void> {
    return this.#worker.request();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#worker.stop(), this.#unwatch?.()]);
  }

  /** Somebody wrote, perhaps this very process. */
  #take(snapshot: LedgerSnapshot): void {
    // What was replaced here may be reported late: it must not withdraw what is durable since.
    if (snapshot.version === this.#snapshot?.version || this.#replaced.has(snapshot.version)) return;
    this.#snapshot = snapshot;
    this.#options.changed();
    void this.settle();
  }

  async #run(): Promise<void> {
    try {
      // When somebody else has written meanwhile, all is decided again on what they wrote.
      while (!(await this.#allocate()) && !this.#stopped);
      this.#retryMs = firstRetryMs;
      this.#trouble = undefined;
    } catch (error) {
      this.#fail(error, 'the ledger cannot be written; new ports have to wait');
    }
    this.#reportProblems();
  }

  /** Returns false when somebody else has written first. */
  async #allocate(): Promise<boolean> {
    const { ledger, mayWrite, changed } = this.#options;
    try {
      await this.#readAgain();
    } catch (error) {
      // Who waits for a port is to hear of it all the same.
      this.#decide();
      throw error;
    }
    const decided = this.#decide();
    if (decided === undefined || this.#snapshot === undefined) return true;
    const { state, version } = this.#snapshot;
    const isDue = decided !== state || version === absentVersion;
    if (!mayWrite() || !isDue || (isEmpty(decided) && isEmpty(state))) return true;
    const result = await ledger.commit(version, decided);
    if (result.kind === 'conflict') this.#options.conflicted?.();
    this.#snapshot = result.kind === 'conflict' ? await ledger.read() : result.snapshot;
    if (version !== absentVersion) this.#replaced = new Set([...[...this.#replaced].slice(-20), version]);
    if (result.kind === 'committed') {
      this.#await([]);
      this.#options.committed(state, result.snapshot.state);
    }
    changed();
    return result.kind === 'committed';
  }

  /** At first, and after anything went wrong: whoever waits for the ledger, or was served what is remembered, has to hear of it. */
  async #readAgain(): Promise<void> {
    if (this.#snapshot !== undefined && this.#trouble === undefined) return;
    const snapshot = await this.#options.ledger.read();
    const isNew = snapshot.version !== this.#snapshot?.version;
    this.#snapshot = snapshot;
    if (isNew) this.#options.changed();
  }

  /** What should be durable, by what is; undefined while that is not known. */
  #decide(): LedgerState | undefined {
    const { fleets, keep, mayWrite } = this.#options;
    const state = this.#snapshot?.state;
    if (state === undefined) return undefined;
    const isLost = state.entries.length === 0;
    const { ledger: known, isWhole } = isLost ? this.#restore(state) : { ledger: state, isWhole: true };
    this.#isRestoring = isLost && known.entries.length > 0 && !(isWhole && mayWrite());
    if (this.#isRestoring || !isWhole) this.#worker.requestWithin(restoreRetryMs);
    if (!isWhole) return undefined;
    const claims = this.#options.claims();
    const input = { claims, ledger: known, fleets, now: Date.now(), lagMs: this.#jumps.lagMs(), keep };
    const { ledger, refused, nextExpiry, banks } = this.#settleBanks(input, allocatePorts(input));
    if (nextExpiry !== null) this.#wakeAt(nextExpiry + input.lagMs);
    if (fleets.some((fleet) => countBanks(fleet) > 1)) this.#worker.requestWithin(bankTickMs);
    this.#banks = banks;
    this.#refused = refused;
    this.#await(listPending(claims, state, ledger));
    return ledger;
  }

  /** Or when a jump of the clock does not count any more: what was given back after it has cooled down by then. */
  #wakeAt(time: number): void {
    this.#worker.requestWithin(Math.min(time - Date.now(), this.#jumps.endsIn() ?? Infinity));
  }

  #restore(state: LedgerState): Restored {
    const { ledger, isWhole } = this.#options.restore();
    return { ledger: state.banks === undefined ? ledger : { ...ledger, banks: state.banks }, isWhole };
  }

  /** Allocates once more when banks open or close: those who wait for one are served in the same commit. */
  #settleBanks(input: AllocationInput, first: Allocation): Allocation {
    const { fleets, mayWrite, polls } = this.#options;
    const known = mayWrite() ? polls?.() : undefined;
    if (known === undefined) return first;
    const ledger = settleBanks({
      ...known,
      ledger: first.ledger,
      states: first.banks,
      fleets,
      now: input.now,
    });
    return ledger === first.ledger ? first : allocatePorts({ ...input, ledger });
  }

  #await(claims: readonly PortClaim[]): void {
    const now = performance.now();
    this.#pending.update(claims, now);
    const next = this.#pending.nextIn(now);
    if (next !== undefined) this.#worker.requestWithin(next + 10);
  }

  /** Says when the problems have changed. */
  #reportProblems(): void {
    const problems = JSON.stringify(this.problems);
    if (problems === this.#reported) return;
    this.#reported = problems;
    this.#options.changed();
  }

  #fail(error: unknown, message: string): void {
    const { ledger, log } = this.#options;
    this.#options.failed?.();
    const why = error instanceof Error ? error.message : String(error);
    // Once, and not with each retry.
    if (this.#trouble?.message !== why) log.error({ err: error, ledger: ledger.location }, message);
    const subject = { source: '', kind: 'Ledger', namespace: '', name: ledger.location };
    const hint = 'Mend what it says; Fairlead tries again by itself.';
    this.#trouble = toProblem('ledger-unavailable', subject, { message: why, hint });
    this.#reportProblems();
    this.#worker.requestWithin(this.#retryMs * (0.75 + Math.random() / 2));
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }
}

/** An empty ledger that is not there is as good as one that is. */
function isEmpty({ entries, banks = [] }: LedgerState): boolean {
  return entries.length + banks.length === 0;
}
