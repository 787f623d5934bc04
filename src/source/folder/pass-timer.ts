/** Why a pass is due: something is to be confirmed, or everything is to be looked at. */
export type Deadline = 'confirm' | 'whole';

interface Pending {
  readonly at: number;
  readonly timeout: NodeJS.Timeout;
}

/** Decides when a pass over a folder runs. Passes never overlap. */
export class PassTimer {
  readonly #run: (due?: Deadline) => Promise<void>;
  readonly #debounceMs: number;
  readonly #pending = new Map<Deadline | undefined, Pending>();
  readonly #waiting = new Set<Deadline | undefined>();
  #firstSign: number | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  /** `run` must not reject. It gets the deadline that led to it; `undefined` for a sign of a change. */
  constructor(run: (due?: Deadline) => Promise<void>, debounceMs: number) {
    this.#run = run;
    this.#debounceMs = debounceMs;
  }

  /** A pass when no further sign comes for the debounce time, and at the latest after ten times that. */
  soon(): void {
    const now = performance.now();
    this.#firstSign ??= now;
    const latest = this.#firstSign + 10 * this.#debounceMs;
    this.#set(undefined, Math.max(0, Math.min(this.#debounceMs, latest - now)));
  }

  /** A pass at the latest after this time, in milliseconds; each label has one deadline, and the earlier one counts. */
  within(label: Deadline, delayMs: number): void {
    const pending = this.#pending.get(label);
    if (pending === undefined || pending.at > performance.now() + delayMs) this.#set(label, delayMs);
  }

  /** No pass starts any more; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { timeout } of this.#pending.values()) clearTimeout(timeout);
    this.#pending.clear();
    this.#waiting.clear();
    await this.#running;
  }

  #set(due: Deadline | undefined, delayMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#pending.get(due)?.timeout);
    const timeout = setTimeout(() => this.#fire(due), delayMs);
    this.#pending.set(due, { at: performance.now() + delayMs, timeout });
  }

  #fire(due: Deadline | undefined): void {
    this.#pending.delete(due);
    if (due === undefined) this.#firstSign = undefined;
    this.#waiting.add(due);
    if (this.#running === undefined) void this.#runWaiting();
  }

  async #runWaiting(): Promise<void> {
    // What is added meanwhile is taken as well.
    for (const due of this.#waiting) {
      this.#waiting.delete(due);
      this.#running = this.#run(due);
      await this.#running;
    }
    this.#running = undefined;
  }
}
