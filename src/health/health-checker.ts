import { groupBy } from '../lib/group-by.ts';
import type { FailingEndpoints, HealthCheck, HealthProbe } from '../model/health.ts';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import { toTenant } from './plan-checks.ts';
import { Queue, type Waiting } from './queue.ts';
import { count, type Tally } from './tally.ts';

export interface HealthCheckerOptions {
  /** So many checks run at a time. */
  readonly workers: number;
  readonly probe: (check: HealthProbe) => Promise<boolean>;
  /** What is known of an endpoint that was not checked here yet. */
  readonly isFailing: (check: HealthCheck) => boolean;
  /** Another endpoint fails, or passes again. */
  readonly changed: () => void;
}

interface Entry extends Waiting {
  readonly check: HealthCheck;
  tally: Tally;
}

/** Checks endpoints, each at its interval, by a bounded number of workers. Does nothing until `update`, and nothing after `stop`. */
export class HealthChecker {
  readonly #options: HealthCheckerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new Queue<Entry>();
  #running = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HealthCheckerOptions) {
    this.#options = options;
  }

  /** The endpoints that fail now, of those that are checked. */
  get failing(): FailingEndpoints {
    const down = [...this.#entries.values()].filter(({ tally }) => tally.failing);
    const byService = groupBy(down, ({ check }): ObjectKey => toObjectKey(check.service));
    return new Map(
      [...byService].map(([key, entries]) => [key, entries.map(({ check }) => check.address).sort()]),
    );
  }

  /** Checks these from now on, and no others. Who was checked before, however else, keeps how it stands. */
  update(checks: readonly HealthCheck[]): void {
    const gone = new Set(this.#entries.keys());
    for (const check of checks) {
      const key = `${toObjectKey(check.service)} ${check.address}`;
      gone.delete(key);
      const known = this.#entries.get(key);
      if (known !== undefined && JSON.stringify(known.check) === JSON.stringify(check)) continue;
      if (known !== undefined) this.#queue.remove(known);
      const tally = known?.tally ?? { failing: this.#options.isFailing(check), against: 0 };
      // Not all at once.
      const dueAt = performance.now() + Math.random() * Math.min(check.intervalMs, 1_000);
      const entry = { check, tally, tenant: toTenant(check.service), dueAt };
      this.#entries.set(key, entry);
      this.#queue.add(entry);
    }
    for (const key of gone) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) this.#queue.remove(entry);
      this.#entries.delete(key);
    }
    this.#work();
  }

  /** What is under way is not waited for; it counts for nothing any more. */
  stop(): void {
    this.update([]);
    clearTimeout(this.#timer);
  }

  #work(): void {
    clearTimeout(this.#timer);
    while (this.#running < this.#options.workers) {
      const now = performance.now();
      const entry = this.#queue.take(now);
      if (entry === undefined) {
        const wait = this.#queue.nextIn(now);
        if (wait !== undefined) this.#timer = setTimeout(() => this.#work(), wait).unref();
        return;
      }
      this.#running += 1;
      void this.#check(entry, now);
    }
  }

  async #check(entry: Entry, startedAt: number): Promise<void> {
    // A check that cannot even be made says nothing good of an endpoint, and must not keep its worker.
    const passed = await this.#options.probe(entry.check).catch(() => false);
    this.#running -= 1;
    this.#queue.release(entry);
    if (this.#queue.has(entry)) {
      const before = entry.tally;
      entry.tally = count(before, passed);
      entry.dueAt = startedAt + entry.check.intervalMs;
      if (entry.tally.failing !== before.failing) this.#options.changed();
    }
    this.#work();
  }
}
