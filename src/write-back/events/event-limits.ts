/** What keeps Events from becoming a flood. Times are in milliseconds of a clock that does not jump. */
export interface EventLimits {
  /** How long the same news of an object is told only once. */
  readonly repeatMs: number;
  /** The least time between two Warnings about the same object and code: of what changes meanwhile, the last is told. */
  readonly changeMs: number;
  /** How long a new leader looks on before it judges which Warnings are out of date: not all problems are found at once. */
  readonly settleMs: number;
  /** So many requests may be sent at once. */
  readonly burst: number;
  /** So many for each second after that. */
  readonly perSecond: number;
  /** So much news may wait; what comes then is lost. */
  readonly mostNews: number;
  /** So often the server may fail to carry out one and the same request, until it is given up. */
  readonly mostTries: number;
  /** How long it takes until what was refused or given up is tried once more. */
  readonly againMs: number;
  /** How often all is compared anew, because the server forgets Events. */
  readonly refreshMs: number;
}

export const defaultEventLimits: EventLimits = {
  repeatMs: 300_000,
  changeMs: 5_000,
  settleMs: 2_000,
  burst: 25,
  perSecond: 5,
  mostNews: 500,
  mostTries: 5,
  againMs: 600_000,
  // Unless it is told otherwise it forgets them after an hour: the second time comes soon after that.
  refreshMs: 32 * 60_000,
};

/** A bucket of tokens that fills at a steady pace. */
export class TokenBucket {
  readonly #limits: Pick<EventLimits, 'burst' | 'perSecond'>;
  #tokens: number;
  #filledAt: number;

  constructor(limits: Pick<EventLimits, 'burst' | 'perSecond'>, now: number) {
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

/** Knows what happened too short a time ago to happen again. */
export class RepeatGate {
  readonly #pauseMs: number;
  readonly #passed = new Map<string, number>();

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** How long it must wait; 0: not at all. */
  wait(key: string, now: number): number {
    const at = this.#passed.get(key);
    return at === undefined ? 0 : Math.max(0, at + this.#pauseMs - now);
  }

  /** It happens now. */
  pass(key: string, now: number): void {
    // The map is in the order of time.
    for (const [former, at] of this.#passed) {
      if (now - at < this.#pauseMs) break;
      this.#passed.delete(former);
    }
    this.#passed.delete(key);
    this.#passed.set(key, now);
  }
}
