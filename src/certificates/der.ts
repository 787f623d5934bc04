import { refuse } from './refusal.ts';

/** The tags of DER that certificates and keys are made of. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag `[n]` of a field of its own context. */
export function contextTag(number: number, constructed = false): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

/**
 * A reader of DER as strict as Go's: lengths and numbers in their shortest form, no indefinite lengths, tags of one byte.
 * OpenSSL and the common libraries read more than that (BER), so that the names which they find need not be those that
 * Traefik finds. What does not stand where it is asked for is a refusal; what nobody asks for is left unread, as in Go.
 */
export class Der {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, from = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#end;
  }

  /** Whether the next element has this tag. */
  isNext(tag: number): boolean {
    return !this.isEmpty && this.#bytes[this.#at] === tag;
  }

  /** What is left, unread. */
  toBytes(): Buffer {
    return this.#bytes.subarray(this.#at, this.#end);
  }

  /** The contents of the next element, which has this tag. */
  read(tag: number): Der {
    return this.isNext(tag) ? this.readAny().content : malformed();
  }

  /** As `read`, for a field that may be absent. */
  readOptional(tag: number): Der | undefined {
    return this.isNext(tag) ? this.read(tag) : undefined;
  }

  /** The next element, whatever it is; `element` is all of it, with its tag and length. */
  readAny(): { readonly tag: number; readonly content: Der; readonly element: Buffer } {
    const start = this.#at;
    const tag = this.#take();
    if ((tag & 0x1f) === 0x1f) malformed();
    const length = this.#readLength();
    const from = this.#at;
    if (length > this.#end - from) malformed();
    this.#at = from + length;
    return {
      tag,
      content: new Der(this.#bytes, from, this.#at),
      element: this.#bytes.subarray(start, this.#at),
    };
  }

  /** The bytes of an integer in two's complement. */
  readInteger(tag: number = tags.integer): Buffer {
    const bytes = this.read(tag).toBytes();
    const [first, second] = bytes;
    if (first === undefined) return malformed();
    if (second === undefined) return bytes;
    const repeats = second & 0x80 ? 0xff : 0x00;
    return first === repeats ? malformed() : bytes;
  }

  /** An integer that is not negative. */
  readNatural(): bigint {
    const bytes = this.readInteger();
    return (bytes[0] ?? 0) & 0x80 ? malformed() : BigInt(`0x${bytes.toString('hex')}`);
  }

  readBoolean(): boolean {
    const bytes = this.read(tags.boolean).toBytes();
    const [value] = bytes;
    return bytes.length === 1 && (value === 0 || value === 0xff) ? value === 0xff : malformed();
  }

  /** An object identifier as the hexadecimal text of its bytes: each has one form only. */
  readOid(): string {
    const bytes = this.read(tags.oid).toBytes();
    let value = 0;
    let isFirst = true;
    for (const byte of bytes) {
      if (isFirst && byte === 0x80) malformed();
      // Go keeps each part in 31 bits.
      if (value >= 2 ** 24) malformed();
      value = value * 128 + (byte & 0x7f);
      isFirst = byte < 0x80;
      if (isFirst) value = 0;
    }
    return bytes.length > 0 && isFirst ? bytes.toString('hex') : malformed();
  }

  /** The bytes of a bit string, and how many bits of the last one are no part of it. */
  readBits(): { readonly bytes: Buffer; readonly unused: number } {
    const all = this.read(tags.bitString).toBytes();
    const [unused] = all;
    const bytes = all.subarray(1);
    if (unused === undefined || unused > 7) return malformed();
    const last = bytes.at(-1);
    if (last === undefined ? unused > 0 : (last & ((1 << unused) - 1)) !== 0) malformed();
    return { bytes, unused };
  }

  #take(): number {
    const byte = this.isEmpty ? undefined : this.#bytes[this.#at];
    this.#at += 1;
    return byte ?? malformed();
  }

  #readLength(): number {
    const first = this.#take();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) malformed();
    let length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + this.#take();
    return length < 0x80 || length < 256 ** (count - 1) ? malformed() : length;
  }
}

function malformed(): never {
  return refuse('holds data that is no DER');
}
