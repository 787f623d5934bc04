import { isIPv4, isIPv6 } from 'node:net';

/** An address as one number of 128 bits, in four words of 32 bits, the highest first. IPv4 addresses are in `::ffff:0:0/96`. */
export type IpAddress = readonly [number, number, number, number];

/** Undefined for what is no address, and for one with a zone, which means an interface of the host. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > 45 || text.includes('%')) return undefined;
  if (isIPv4(text)) return [0, 0, 0xffff, toWord(text)];
  return isIPv6(text) ? toWords(text) : undefined;
}

/** Below 0, 0 or above 0, as for sorting. */
export function compareIpAddresses(a: IpAddress, b: IpAddress): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

/** Dotted decimal, which has been checked. */
function toWord(text: string): number {
  let word = 0;
  let byte = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) {
      byte = byte * 10 + code - 48;
      continue;
    }
    word = word * 256 + byte;
    byte = 0;
  }
  return word;
}

/** An IPv6 address, which has been checked. */
function toWords(text: string): IpAddress {
  const { groups, gap } = readGroups(text);
  const missing = 8 - groups.length;
  const group = (index: number): number =>
    (index < gap ? groups[index] : index < gap + missing ? 0 : groups[index - missing]) ?? 0;
  const word = (index: number): number => group(index) * 65_536 + group(index + 1);
  return [word(0), word(2), word(4), word(6)];
}

const colon = 58;
const dot = 46;

/** Its groups of 16 bits, and before which of them `::` stands; without one, behind all. */
function readGroups(text: string): { readonly groups: readonly number[]; readonly gap: number } {
  const groups: number[] = [];
  let [value, start, gap] = [0, 0, 8];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === dot) {
      const word = toWord(text.slice(start));
      groups.push(Math.floor(word / 65_536), word % 65_536);
      return { groups, gap };
    }
    if (code !== colon) {
      // Digits, then letters in either case.
      value = value * 16 + (code <= 57 ? code - 48 : (code | 32) - 87);
      continue;
    }
    if (start < index) groups.push(value);
    else if (index > 0) gap = groups.length;
    [value, start] = [0, index + 1];
  }
  if (start < text.length) groups.push(value);
  return { groups, gap };
}

/**
 * The IPv4 addresses that an IPv6 address stands for to somebody on its way: IPv4-compatible (RFC 4291) and -translated (RFC 2765),
 * NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056) and Teredo (RFC 4380). None for any other address, and for IPv4 itself, mapped or not;
 * more than one where the length of a prefix is a matter of the network.
 */
export function toInnerAddresses([a, b, c, d]: IpAddress): readonly IpAddress[] {
  // IPv4, which nearly all are.
  if (a === 0 && b === 0 && c === 0xffff) return none;
  return listInnerWords(a, b, c, d).map((word) => [0, 0, 0xffff, word]);
}

const none: readonly IpAddress[] = [];

function listInnerWords(a: number, b: number, c: number, d: number): readonly number[] {
  if (a === 0 && b === 0 && (c === 0 || c === 0xffff_0000)) return [d];
  if (a === 0x0064_ff9b && b === 0 && c === 0) return [d];
  if (a === 0x0064_ff9b && b >>> 16 === 1) return listTranslated(b, c, d);
  if (a >>> 16 === 0x2002) return [((a & 0xffff) * 65_536 + (b >>> 16)) >>> 0];
  return a === 0x2001_0000 ? [b, ~d >>> 0] : [];
}

/** Of `64:ff9b:1::/48` the network chooses a prefix of 48, 56, 64 or 96 bits; bits 64 to 71 are left out (RFC 6052, section 2.2). */
function listTranslated(b: number, c: number, d: number): readonly number[] {
  const by48 = (b & 0xffff) * 65_536 + ((c >>> 8) & 0xffff);
  const by56 = (b & 0xff) * 16_777_216 + (c & 0xff_ffff);
  const by64 = (c & 0xff_ffff) * 256 + (d >>> 24);
  // What follows the IPv4 address is zero, and none begins with zero.
  const words = d === 0 ? [by48, by56, by64] : (d & 0xff_ffff) === 0 ? [by64, d] : [d];
  const some = words.filter((word) => word >= 16_777_216);
  return some.length > 0 ? some : [0];
}
