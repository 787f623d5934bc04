import { setImmediate } from 'node:timers/promises';

/**
 * Gives each piece of work a turn of the event loop to itself. Several kinds are listed at the same time, and their
 * pages must not be parsed one after the other in a single turn: polls would wait for all of them.
 */
export class OnePerTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` in a turn of its own, after what was asked for before. Rejects with what `work` throws. */
  run<T>(work: () => T): Promise<T> {
    const result = this.#last.then(() => setImmediate()).then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
