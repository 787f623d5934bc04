/** How long changes are gathered. */
export interface RebuildTiming {
  /** A rebuild starts once nothing was asked for so long… */
  readonly quietMs: number;
  /** …or at the latest so long after the first request. */
  readonly maxWaitMs: number;
  /** How long a single request waits for company when there was no rebuild for `maxWaitMs`; at most `quietMs`. */
  readonly loneMs: number;
}

/** Runs `rebuild` for many requests at once: every applied change resets Traefik's rate limiters and health states. */
export class RebuildLoop {
  readonly #timing: () => RebuildTiming;
  readonly #rebuild: () => void;
  #timer: NodeJS.Timeout | undefined;
  #firstRequest: number | undefined;
  #lastRun = -Infinity;
  #stopped = false;

  /** @param timing Asked with each request. */
  constructor(timing: () => RebuildTiming, rebuild: () => void) {
    this.#timing = timing;
    this.#rebuild = rebuild;
  }

  request(): void {
    if (this.#stopped) return;
    const { quietMs, maxWaitMs, loneMs } = this.#timing();
    const now = performance.now();
    // A pod that comes or goes is one change, and to wait for others costs its users time. Two at once are the start of many.
    const isLone = this.#firstRequest === undefined && now - this.#lastRun >= maxWaitMs;
    this.#firstRequest ??= now;
    clearTimeout(this.#timer);
    const wait = isLone ? loneMs : quietMs;
    const left = this.#firstRequest + maxWaitMs - now;
    this.#timer = setTimeout(() => this.#run(), Math.max(0, Math.min(wait, left)));
  }

  /** For good: what is asked for later is not rebuilt either. */
  stop(): void {
    this.#stopped = true;
    this.#forget();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#firstRequest = undefined;
  }

  #run(): void {
    this.#forget();
    this.#lastRun = performance.now();
    this.#rebuild();
  }
}
