/** What one owner contributes under a key: the member as it stands in the document. */
interface Contribution {
  readonly owner: string;
  readonly member: string;
}

/** A run of neighbouring keys, with their text once it has been asked for. */
interface Chunk {
  keys: string[];
  text: Buffer | undefined;
}

const longestChunk = 256;
const comma = Buffer.from(',');

/**
 * The members of one section of a document, in the order of their keys.
 * They are joined in chunks, and the text of a chunk is kept until one of its members changes: among ten thousand
 * services the text of one costs the text of a few hundred.
 */
export class SectionTable {
  /** Each sorted by owner: thousands may contribute the same. */
  readonly #contributions = new Map<string, Contribution[]>();
  #chunks: Chunk[] = [];

  /** How many members there are. */
  get size(): number {
    return this.#contributions.size;
  }

  /** Who contributes the text of a key. */
  ownerOf(key: string): string | undefined {
    return this.#contributions.get(key)?.[0]?.owner;
  }

  add(key: string, owner: string, member: string): void {
    const chunk = this.#findChunk(key);
    chunk.text = undefined;
    const known = this.#contributions.get(key);
    if (known !== undefined) {
      known.splice(findPlace(known, owner, toOwner), 0, { owner, member });
      return;
    }
    this.#contributions.set(key, [{ owner, member }]);
    chunk.keys.splice(findPlace(chunk.keys, key), 0, key);
    if (chunk.keys.length > longestChunk) this.#split(chunk);
  }

  remove(key: string, owner: string): void {
    const known = this.#contributions.get(key);
    if (known === undefined) return;
    const chunk = this.#findChunk(key);
    const place = findPlace(known, owner, toOwner);
    if (known[place]?.owner === owner) known.splice(place, 1);
    chunk.text = undefined;
    if (known.length > 0) return;
    this.#contributions.delete(key);
    chunk.keys.splice(findPlace(chunk.keys, key), 1);
    if (chunk.keys.length === 0) this.#chunks = this.#chunks.filter((each) => each !== chunk);
  }

  /** The members with commas between them, in pieces to be joined; none when there are no members. */
  toPieces(): readonly Buffer[] {
    return this.#chunks.flatMap((chunk, index) => {
      chunk.text ??= Buffer.from(
        chunk.keys.map((key) => this.#contributions.get(key)?.[0]?.member).join(','),
      );
      return index === 0 ? [chunk.text] : [comma, chunk.text];
    });
  }

  /** The chunk that has a key, or that it belongs into. */
  #findChunk(key: string): Chunk {
    let index = findPlace(this.#chunks, key, (chunk) => chunk.keys[0] ?? '');
    // `findPlace` stops at the first chunk that begins with the key or after it; one that begins before may reach over it.
    if (index > 0 && this.#chunks[index]?.keys[0] !== key) index--;
    const chunk = this.#chunks[index] ?? { keys: [], text: undefined };
    if (this.#chunks.length === 0) this.#chunks.push(chunk);
    return chunk;
  }

  #split(chunk: Chunk): void {
    // Uneven on purpose: a first build appends in order, and then leaves full chunks behind.
    const rest = { keys: chunk.keys.splice(longestChunk - 32), text: undefined };
    this.#chunks.splice(this.#chunks.indexOf(chunk) + 1, 0, rest);
  }
}

function toOwner({ owner }: Contribution): string {
  return owner;
}

function findPlace(keys: readonly string[], key: string): number;
function findPlace<T>(items: readonly T[], key: string, toKey: (item: T) => string): number;
/** The index of a key in a sorted list, or where it belongs. */
function findPlace<T>(items: readonly T[], key: string, toKey: (item: T) => string = String): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && toKey(item) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
