/** What keeps Events from becoming a flood. Times are in milliseconds of a clock that does not jump. */
export interface EventLimits {
  /** How long the same object and reason are told only once. */
  readonly repeatMs: number;
  /** So many Events may be sent at once. */
  readonly burst: number;
  /** So many for each second after that. */
  readonly perSecond: number;
}

export const defaultEventLimits: EventLimits = { repeatMs: 300_000, burst: 25, perSecond: 5 };

/** A bucket of tokens that fills at a steady pace. */
export class TokenBucket {
  readonly #limits: EventLimits;
  #tokens: number;
  #filledAt: number;

  constructor(limits: EventLimits, now: number) {
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#filledAt = now;
  }

  /** Takes a token and returns 0, or takes none and returns how long to wait for one. */
  take(now: number): number {
    const { burst, perSecond } = this.#limits;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return ((1 - this.#tokens) / perSecond) * 1000;
    this.#tokens -= 1;
    return 0;
  }
}

/** Counts what is told again too soon. */
export class RepeatGate {
  readonly #limits: EventLimits;
  readonly #seen = new Map<string, { readonly at: number; held: number }>();

  constructor(limits: EventLimits) {
    this.#limits = limits;
  }

  /** How many times to count it now, with those that were held back; 0: not yet. */
  pass(key: string, now: number): number {
    const former = this.#seen.get(key);
    if (former !== undefined && now - former.at < this.#limits.repeatMs) {
      former.held += 1;
      return 0;
    }
    this.#forget(now);
    this.#seen.delete(key);
    this.#seen.set(key, { at: now, held: 0 });
    return 1 + (former?.held ?? 0);
  }

  /** The map is in the order of time. What held something back is kept for as long again, to be counted. */
  #forget(now: number): void {
    for (const [key, { at }] of this.#seen) {
      if (now - at < 2 * this.#limits.repeatMs) return;
      this.#seen.delete(key);
    }
  }
}
