import { setImmediate } from 'node:timers/promises';

/**
 * Turns for what many want to do at the same moment, such as to answer 500 held polls: they get them one after the other, in the order in
 * which they came, and after `turnMs` of work the event loop gets one too.
 */
export class Turns {
  readonly #turnMs: number;
  #waiting: (() => void)[] = [];
  #isRunning = false;

  constructor(turnMs = 4) {
    this.#turnMs = turnMs;
  }

  /** Resolves when it is the caller's turn, which lasts until the caller waits for something. Where nobody waits that is at once. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#isRunning) return;
      this.#isRunning = true;
      // The caller has to wait before its turn can begin.
      queueMicrotask(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    let since = performance.now();
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const begin of waiting) {
        begin();
        // The caller goes on before this does.
        await Promise.resolve();
        if (performance.now() - since < this.#turnMs) continue;
        await setImmediate();
        since = performance.now();
      }
    }
    this.#isRunning = false;
  }
}
