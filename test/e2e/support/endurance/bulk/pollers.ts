import type { Published } from '../../../../../src/model/published.ts';
import type { Random } from '../../random.ts';

const most = 20;

/** Traefiks that poll, end and come again: each a connection that is remembered while it lasts. */
export class Pollers {
  readonly #random: Random;
  readonly #connections: object[] = [];
  #hosts = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Each has what is current; one ends, and another one comes. */
  turn(published: Published): void {
    if (this.#connections.length >= most) {
      const [gone] = this.#connections.splice(this.#random.below(most), 1);
      if (gone !== undefined) published.closed(gone);
    }
    this.#connections.push({});
    this.#hosts += 1;
    const document = this.#random.pick(published.documents);
    const revision = published.current(document)?.revision;
    if (revision === undefined) return;
    for (const connection of this.#connections) {
      published.fetched(connection, document, revision);
      published.polled(connection, document, `host-${this.#hosts % 50}`);
    }
  }

  /** All end. */
  close(published: Published): void {
    for (const connection of this.#connections.splice(0)) published.closed(connection);
  }
}
