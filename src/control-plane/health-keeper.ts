import type { Logger } from 'pino';
import type { HealthBoard } from '../health/board.ts';
import { formatBoard } from '../health/board-document.ts';
import { HealthChecker } from '../health/health-checker.ts';
import { planChecks, type CheckPlan } from '../health/plan-checks.ts';
import { probe } from '../health/probe.ts';
import { SerialWorker } from '../lib/serial-worker.ts';
import { noneFailing, type FailingEndpoints, type HealthCheck } from '../model/health.ts';
import { toObjectKey } from '../model/object-ref.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { HealthCheckSettings } from '../settings/settings.ts';

export interface HealthKeeperOptions {
  readonly limits: HealthCheckSettings;
  readonly board: HealthBoard;
  readonly log: Logger;
  /** Whether this replica checks and writes: of several only the leader does. */
  readonly mayCheck: () => boolean;
  /** Other endpoints fail than before. */
  readonly changed: () => void;
}

const retryMs = 2_000;

/** Has endpoints checked while this replica leads, writes what comes of it to the board, and says what the board says. */
export class HealthKeeper {
  readonly #options: HealthKeeperOptions;
  readonly #checker: HealthChecker;
  readonly #worker = new SerialWorker(() => this.#write());
  #wanted: readonly HealthCheck[] = [];
  #plan: CheckPlan = { checks: [], problems: [] };
  #failing = noneFailing;
  /** Whether it is known what is to be checked. Until then nothing is written: what failed before is not forgotten. */
  #isPlanned = false;
  #trouble: Problem | undefined;

  constructor(options: HealthKeeperOptions) {
    this.#options = options;
    this.#checker = new HealthChecker({
      workers: options.limits.workers,
      probe,
      isFailing: ({ service, address }) =>
        this.#failing.get(toObjectKey(service))?.includes(address) === true,
      changed: () => void this.#worker.request(),
    });
  }

  /** The very same as before while nothing has changed. */
  get failing(): FailingEndpoints {
    return this.#failing;
  }

  /** Of what cannot be checked. */
  get problems(): readonly Problem[] {
    return this.#trouble === undefined ? this.#plan.problems : [...this.#plan.problems, this.#trouble];
  }

  start(): Promise<void> {
    return this.#options.board.start((failing) => this.#take(failing));
  }

  /** Takes over what is to be checked. Returns whether the problems may have changed. Costs nothing for the very list of the last call. */
  update(wanted: readonly HealthCheck[]): boolean {
    if (wanted === this.#wanted) return false;
    this.#wanted = wanted;
    const former = this.#plan.problems;
    this.#plan = planChecks(wanted, this.#options.limits);
    this.#isPlanned = true;
    this.lead();
    return former.length + this.#plan.problems.length > 0;
  }

  /** Begins to check, or ends it: whether this replica leads has changed. */
  lead(): void {
    if (!this.#options.mayCheck()) this.#checker.stop();
    else {
      this.#checker.update(this.#plan.checks);
      void this.#worker.request();
    }
  }

  async stop(): Promise<void> {
    this.#checker.stop();
    await this.#worker.stop();
    await this.#options.board.stop();
  }

  #take(failing: FailingEndpoints): void {
    if (isSame(failing, this.#failing)) return;
    this.#failing = failing;
    this.#options.changed();
    // What somebody else wrote is put right.
    void this.#worker.request();
  }

  async #write(): Promise<void> {
    const { board, log, mayCheck } = this.#options;
    const { failing } = this.#checker;
    if (!this.#isPlanned || !mayCheck() || isSame(failing, this.#failing)) return this.#note(undefined);
    try {
      await board.write(failing);
      const endpoints = [...failing].map(([service, addresses]) => ({ service, addresses }));
      log.info({ endpoints }, 'the endpoints that fail their checks have changed');
      this.#note(undefined);
    } catch (error) {
      this.#note(error instanceof Error ? error : new Error('unknown', { cause: error }));
      this.#worker.requestWithin(retryMs);
    }
  }

  #note(error: Error | undefined): void {
    const { board, log, changed } = this.#options;
    const former = this.#trouble?.message;
    this.#trouble = error === undefined ? undefined : toTrouble(board.location, error.message);
    if (this.#trouble?.message === former) return;
    // Once, and not with each try.
    if (error !== undefined)
      log.warn({ err: error, board: board.location }, 'which endpoints fail cannot be written');
    changed();
  }
}

function isSame(a: FailingEndpoints, b: FailingEndpoints): boolean {
  return a === b || formatBoard(a) === formatBoard(b);
}

function toTrouble(location: string, why: string): Problem {
  const subject = { source: '', kind: 'HealthBoard', namespace: '', name: location };
  return toProblem('health-check-unwritten', subject, {
    message: `which endpoints fail their checks cannot be written to ${location}: ${why}`,
    hint: 'Mend what it says; Fairlead tries again by itself.',
  });
}
