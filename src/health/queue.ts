/** What waits for its turn. */
export interface Waiting {
  /** Whose it is. */
  readonly tenant: string;
  /** In milliseconds of a clock that does not jump. */
  dueAt: number;
}

interface Tenant {
  running: number;
  /** Not before then. */
  nextAt: number;
}

/** So many of one tenant run at a time: with endpoints that never answer it would otherwise keep all workers waiting. */
const mostRunning = 2;
/** Two of one tenant begin at least so many milliseconds apart. */
const spacingMs = 100;

/** Whose turn it is, with bounds for each tenant. */
export class Queue<T extends Waiting> {
  readonly #items = new Set<T>();
  readonly #running = new Set<T>();
  readonly #tenants = new Map<string, Tenant>();

  add(item: T): void {
    this.#items.add(item);
  }

  /** One that runs goes on running until it is released. */
  remove(item: T): void {
    this.#items.delete(item);
  }

  has(item: T): boolean {
    return this.#items.has(item);
  }

  /**
   * The item that has been due longest, of the tenants that may begin another one: of those for whom the fewest run, so that many who
   * wait for endpoints that never answer do not keep back one whose endpoints do.
   */
  take(now: number): T | undefined {
    let first: T | undefined;
    for (const item of this.#items) {
      if (this.#running.has(item) || this.#earliest(item) > now) continue;
      if (first === undefined || this.#isBefore(item, first)) first = item;
    }
    if (first === undefined) return undefined;
    const tenant = this.#tenants.get(first.tenant) ?? { running: 0, nextAt: 0 };
    this.#tenants.set(first.tenant, { running: tenant.running + 1, nextAt: now + spacingMs });
    this.#running.add(first);
    return first;
  }

  /** What was taken has ended. */
  release(item: T): void {
    this.#running.delete(item);
    const tenant = this.#tenants.get(item.tenant);
    if (tenant !== undefined) tenant.running -= 1;
  }

  /** In how many milliseconds something is due, if nothing is released before; undefined when nothing waits for time alone. */
  nextIn(now: number): number | undefined {
    let next = Infinity;
    for (const item of this.#items) if (!this.#running.has(item)) next = Math.min(next, this.#earliest(item));
    return next === Infinity ? undefined : Math.max(0, next - now);
  }

  #isBefore(a: T, b: T): boolean {
    const difference = this.#countRunning(a) - this.#countRunning(b);
    return difference === 0 ? a.dueAt < b.dueAt : difference < 0;
  }

  #countRunning({ tenant }: T): number {
    return this.#tenants.get(tenant)?.running ?? 0;
  }

  #earliest({ tenant: name, dueAt }: T): number {
    const tenant = this.#tenants.get(name);
    if (tenant === undefined) return dueAt;
    return tenant.running >= mostRunning ? Infinity : Math.max(dueAt, tenant.nextAt);
  }
}
