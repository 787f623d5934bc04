import type { Random } from '../random.ts';

/** Something that happens, and how often beside the others. */
export interface EventKind {
  readonly name: string;
  /** So many of each deck. */
  readonly share: number;
  /** How many of them there were: a run may be several. Rejects when what has to follow does not. */
  run(): Promise<number | void>;
}

/** The kinds in random order, each as often as its share says, over and over: equal seeds give equal orders. */
export class Schedule {
  readonly #kinds: readonly EventKind[];
  readonly #random: Random;
  #deck: EventKind[] = [];

  constructor(kinds: readonly EventKind[], random: Random) {
    this.#kinds = kinds;
    this.#random = random;
  }

  /** Whether all have had their turn equally often. */
  get isRound(): boolean {
    return this.#deck.length === 0;
  }

  next(): EventKind {
    if (this.#deck.length === 0)
      this.#deck = this.#kinds.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
    const [kind] = this.#deck.splice(this.#random.below(this.#deck.length), 1);
    if (kind === undefined) throw new Error('there is no kind of event');
    return kind;
  }
}
