/** How long changes are gathered. */
export interface RebuildTiming {
  /** A rebuild starts once nothing was asked for so long… */
  readonly quietMs: number;
  /** …or at the latest so long after the first request. */
  readonly maxWaitMs: number;
}

/** Runs `rebuild` for many requests at once: every applied change resets Traefik's rate limiters and health states. */
export class RebuildLoop {
  readonly #timing: RebuildTiming;
  readonly #rebuild: () => void;
  #timer: NodeJS.Timeout | undefined;
  #firstRequest: number | undefined;

  constructor(timing: RebuildTiming, rebuild: () => void) {
    this.#timing = timing;
    this.#rebuild = rebuild;
  }

  request(): void {
    const now = performance.now();
    this.#firstRequest ??= now;
    clearTimeout(this.#timer);
    const left = this.#firstRequest + this.#timing.maxWaitMs - now;
    this.#timer = setTimeout(() => this.#run(), Math.max(0, Math.min(this.#timing.quietMs, left)));
  }

  /** Rebuilds at once what was asked for; nothing when nothing was. */
  flush(): void {
    if (this.#firstRequest !== undefined) this.#run();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#firstRequest = undefined;
  }

  #run(): void {
    this.stop();
    this.#rebuild();
  }
}
