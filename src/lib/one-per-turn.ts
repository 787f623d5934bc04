import { setImmediate } from 'node:timers/promises';
import { SerialQueue } from './serial-queue.ts';

/**
 * Gives each piece of work a turn of the event loop to itself. Several kinds are listed at the same time, and their
 * pages must not be parsed one after the other in a single turn: polls would wait for all of them.
 */
export class OnePerTurn {
  readonly #queue = new SerialQueue();

  /** Does `work` in a turn of its own, after what was asked for before. Rejects with what `work` throws. */
  run<T>(work: () => T): Promise<T> {
    return this.#queue.run(() => setImmediate().then(work));
  }
}
