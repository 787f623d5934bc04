export interface Rate {
  /** So many may pass at once. */
  readonly burst: number;
  /** So many for each second after that. */
  readonly perSecond: number;
}

/** A bucket of tokens that fills at a steady pace. Times are in milliseconds of a clock that does not jump. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** Takes a token and returns 0, or takes none and returns how long to wait for one. */
  take(now: number): number {
    const { burst, perSecond } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return ((1 - this.#tokens) / perSecond) * 1000;
    this.#tokens -= 1;
    return 0;
  }
}
