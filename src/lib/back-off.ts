export interface BackOffSettings {
  /** The least delay, in milliseconds. */
  readonly firstMs: number;
  /** The greatest delay, in milliseconds. */
  readonly mostMs: number;
  /** How long things must have gone well before delays start from the least again. */
  readonly healthyMs: number;
}

/**
 * Delays that double from failure to failure, with jitter. They start again only after a healthy time: a server that
 * answers and breaks at once must not be asked twice a second for ever.
 */
export class BackOff {
  readonly #settings: BackOffSettings;
  readonly #random: () => number;
  #failures = 0;
  #healthySince: number | undefined;

  /** `random` gives numbers from 0 to below 1. */
  constructor(settings: BackOffSettings, random: () => number = Math.random) {
    this.#settings = settings;
    this.#random = random;
  }

  /** Says that things go well from `now` on, in milliseconds of a clock that does not jump. */
  healthy(now: number): void {
    this.#healthySince ??= now;
  }

  /** Says that something failed at `now`, and returns how long to wait: from `firstMs` to `mostMs`. */
  next(now: number): number {
    const { firstMs, mostMs, healthyMs } = this.#settings;
    if (this.#healthySince !== undefined && now - this.#healthySince >= healthyMs) this.#failures = 0;
    this.#healthySince = undefined;
    const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return Math.max(firstMs, ceiling * (0.5 + this.#random() / 2));
  }
}
