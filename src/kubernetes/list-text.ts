import { isObject, type RawObject } from '../lib/raw-object.ts';

const quote = 0x22;
const backslash = 0x5c;
const arrayStart = 0x5b;
const arrayEnd = 0x5d;
const objectStart = 0x7b;
const objectEnd = 0x7d;
/** So many characters are parsed in one go; a ConfigMap or a Secret may be a megabyte. */
const mostText = 256 * 1024;
/** Space, tab, newline, carriage return, comma. */
const between = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c]);

/**
 * The JSON text of a list, parsed a few items at a time: parsing a page of 500 in one go would hold up the event loop,
 * and leave two megabytes of fresh objects to the garbage collector at once.
 */
export class ListText {
  readonly #text: string;
  /** The `[` of the items; -1 when there is none at the top level. */
  readonly #start: number;
  #at: number;

  /** @throws SyntaxError for text that ends too early, here and in the methods. */
  constructor(text: string) {
    this.#text = text;
    this.#start = this.#findItems();
    this.#at = this.#start + 1;
  }

  /**
   * The next items, at most `most`, and fewer of large ones; none when all have been returned. @throws SyntaxError when they are
   * no JSON.
   */
  take(most: number): readonly unknown[] {
    const items: unknown[] = [];
    const enough = this.#at + mostText;
    while (this.#start !== -1 && items.length < most && this.#at < enough) {
      this.#at = this.#skip(this.#at);
      const code = this.#text.charCodeAt(this.#at);
      if (code === arrayEnd) break;
      if (code !== objectStart) throw new SyntaxError('an item of the list is no object');
      const end = this.#endOfNested(this.#at);
      items.push(JSON.parse(this.#text.slice(this.#at, end)));
      this.#at = end;
    }
    return items;
  }

  /** The list itself, without the items. To be called when `take` has returned them all. */
  rest(): RawObject {
    const text =
      this.#start === -1
        ? this.#text
        : `${this.#text.slice(0, this.#start)}[${this.#text.slice(this.#skip(this.#at))}`;
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
    throw new SyntaxError('it is no JSON object');
  }

  #findItems(): number {
    let depth = 0;
    for (let at = 0; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === objectStart || code === arrayStart) depth += 1;
      else if (code === objectEnd || code === arrayEnd) depth -= 1;
      else if (code === quote) {
        const end = this.#endOfString(at);
        const value = depth === 1 ? this.#valueAfter(this.#text.slice(at, end), end) : -1;
        if (value !== -1) return value;
        at = end - 1;
      }
    }
    return -1;
  }

  /** Where the array begins, when what ends at `end` is the key of the items. */
  #valueAfter(text: string, end: number): number {
    if (text !== '"items"') return -1;
    const colon = this.#skip(end);
    if (this.#text[colon] !== ':') return -1;
    const value = this.#skip(colon + 1);
    return this.#text.charCodeAt(value) === arrayStart ? value : -1;
  }

  #endOfNested(start: number): number {
    let depth = 0;
    for (let at = start; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === quote) at = this.#endOfString(at) - 1;
      else if (code === objectStart || code === arrayStart) depth += 1;
      else if (code === objectEnd || code === arrayEnd) {
        depth -= 1;
        if (depth === 0) return at + 1;
      }
    }
    throw new SyntaxError('the list ends too early');
  }

  #endOfString(start: number): number {
    let end = this.#text.indexOf('"', start + 1);
    while (end !== -1) {
      let slashes = 0;
      while (this.#text.charCodeAt(end - 1 - slashes) === backslash) slashes += 1;
      if (slashes % 2 === 0) return end + 1;
      end = this.#text.indexOf('"', end + 1);
    }
    throw new SyntaxError('the list ends too early');
  }

  #skip(start: number): number {
    let at = start;
    while (between.has(this.#text.charCodeAt(at))) at += 1;
    return at;
  }
}
