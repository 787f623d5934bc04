import { SerialQueue } from '../../lib/serial-queue.ts';
import { BusyError } from '../../model/listing.ts';

/** So many may wait for their turn. */
const mostWaiting = 50;

/** One at a time looks through lists: who serves Traefiks must not be slowed down by many who look at once. */
export class Turns {
  readonly #queue = new SerialQueue();
  #waiting = 0;

  /** Resolves and rejects as `work` does. @throws BusyError */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= mostWaiting) throw new BusyError('too many look through lists already');
    this.#waiting += 1;
    try {
      return await this.#queue.run(work);
    } finally {
      this.#waiting -= 1;
    }
  }
}
