import { SerialQueue } from './serial-queue.ts';

/** Node takes no longer time than 2^31 ms; to wake too early does no harm. */
const longestWaitMs = 2_000_000_000;

/**
 * Does one piece of work again and again: never twice at a time, and always once more after it was asked for. However many ask
 * while it runs, it runs once for all of them, and no request is lost between the end of one run and the beginning of the next.
 */
export class SerialWorker {
  readonly #work: () => Promise<void>;
  readonly #queue = new SerialQueue();
  /** The run that has not begun: all who ask until then share it. */
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #wakeAt = Infinity;
  #stopped = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /**
   * Resolves when a run has ended that began after this call, and rejects if that one fails; the next request is carried out all
   * the same. After `stop` it resolves without one.
   */
  request(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return (this.#next ??= this.#queue.run(() => this.#run()));
  }

  /**
   * Requests a run in so many milliseconds; one that was planned for earlier stays. A run begins with nothing planned: it plans
   * what it needs itself. The process is not kept alive for it.
   */
  requestWithin(milliseconds: number): void {
    const delay = Math.min(Math.max(milliseconds, 0), longestWaitMs);
    const at = performance.now() + delay;
    if (this.#stopped || at >= this.#wakeAt) return;
    this.#forgetPlan();
    this.#wakeAt = at;
    this.#timer = setTimeout(() => {
      this.#forgetPlan();
      // Who has to know asks by `request`.
      this.request().catch(() => undefined);
    }, delay);
    this.#timer.unref();
  }

  /** Resolves when the run that is under way has ended; no other one begins. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forgetPlan();
    await this.#queue.idle();
  }

  async #run(): Promise<void> {
    this.#next = undefined;
    if (this.#stopped) return;
    this.#forgetPlan();
    await this.#work();
  }

  #forgetPlan(): void {
    clearTimeout(this.#timer);
    this.#wakeAt = Infinity;
  }
}
