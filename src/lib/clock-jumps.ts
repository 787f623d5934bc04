/** Less is the work of what keeps clocks right, or of a busy machine. */
const leastMs = 1_000;

interface Jump {
  readonly ms: number;
  readonly until: number;
}

/** What tells the time: milliseconds since 1970, and those of a clock that nobody sets. */
export interface Clocks {
  readonly wall: () => number;
  readonly steady: () => number;
}

/** How far the clock has been put forward, in milliseconds, and in how many milliseconds that does not count any more. */
export interface ClockLag {
  readonly ms: number;
  readonly endsIn: number;
}

/** Of a clock that nobody has set. */
export const noLag: ClockLag = { ms: 0, endsIn: 0 };

/**
 * How far the clock of the machine has been put forward of late: what is measured from a moment before that would seem to have lasted longer by
 * so much. A machine that slept is the same: its clock went on without it.
 */
export class ClockJumps {
  readonly #keepMs: number;
  readonly #clocks: Clocks;
  #aheadMs: number;
  #jumps: readonly Jump[] = [];

  /** @param keepMs For how long a jump counts: as long as what is measured lasts. */
  constructor(keepMs: number, clocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() }) {
    this.#keepMs = keepMs;
    this.#clocks = clocks;
    this.#aheadMs = clocks.wall() - clocks.steady();
  }

  /** In milliseconds, never below 0. A jump counts from the call that notices it: ask before each moment from which something is measured. */
  lagMs(): number {
    const now = this.#clocks.steady();
    const aheadMs = this.#clocks.wall() - now;
    const ms = aheadMs - this.#aheadMs;
    this.#aheadMs = aheadMs;
    this.#jumps = this.#jumps.filter(({ until }) => until > now);
    if (ms >= leastMs) this.#jumps = [...this.#jumps, { ms, until: now + this.#keepMs }];
    if (ms <= -leastMs) this.#jumps = takeBack(this.#jumps, -ms);
    return this.#jumps.reduce((sum, jump) => sum + jump.ms, 0);
  }

  /** As `lagMs`, with when the last of the jumps does not count any more. */
  read(): ClockLag {
    const ms = this.lagMs();
    const last = this.#jumps.at(-1);
    return last === undefined ? noLag : { ms, endsIn: last.until - this.#clocks.steady() };
  }

  /** In how many milliseconds the first of them does not count any more; undefined when there is none. As of the last call of `lagMs`. */
  endsIn(): number | undefined {
    const [first] = this.#jumps;
    return first === undefined ? undefined : first.until - this.#clocks.steady();
  }
}

/** Of a clock that is put back, the last jumps forward have not been. */
function takeBack(jumps: readonly Jump[], backMs: number): readonly Jump[] {
  let left = backMs;
  const kept = jumps.toReversed().map((jump) => {
    const ms = Math.max(0, jump.ms - left);
    left -= jump.ms - ms;
    return { ...jump, ms };
  });
  return kept.filter(({ ms }) => ms > 0).toReversed();
}
