import { isIP } from 'node:net';

interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * The networks of all addresses, IPv4 and IPv6, that lie in none of these networks (CIDR notation; an address counts as a network
 * of one). Undefined when that takes more than `most` networks.
 */
export function toComplement(networks: readonly string[], most: number): readonly string[] | undefined {
  const complement: string[] = [];
  for (const bits of [32, 128] as const) {
    const ranges = networks.filter((each) => toBits(each) === bits).map((each) => toRange(each, bits));
    ranges.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
    let next = 0n;
    for (const { from, to } of [...ranges, { from: 1n << BigInt(bits), to: 0n }]) {
      if (from > next) complement.push(...toNetworks({ from: next, to: from - 1n }, bits, most));
      if (complement.length > most) return undefined;
      if (to >= next) next = to + 1n;
    }
  }
  return complement;
}

function toBits(network: string): 32 | 128 {
  return network.includes(':') ? 128 : 32;
}

function toRange(network: string, bits: 32 | 128): Range {
  const [address = '', prefix] = network.split('/');
  const size = 1n << BigInt(bits - Number(prefix ?? bits));
  const from = (toNumber(address, bits) / size) * size;
  return { from, to: from + size - 1n };
}

/** The fewest networks that make up a range, at most one more than `most` of them. */
function toNetworks({ from, to }: Range, bits: 32 | 128, most: number): readonly string[] {
  const networks: string[] = [];
  for (let next = from; next <= to && networks.length <= most;) {
    let prefix = bits;
    let size = 1n;
    while (prefix > 0 && next % (size * 2n) === 0n && next + size * 2n - 1n <= to) {
      size *= 2n;
      prefix -= 1;
    }
    networks.push(`${toAddress(next, bits)}/${prefix}`);
    next += size;
  }
  return networks;
}

function toNumber(address: string, bits: 32 | 128): bigint {
  if (bits === 32) return toInteger(address.split('.').map(Number), 8n);
  // The URL standard writes all IPv6 addresses as RFC 5952 asks, those with an IPv4 address at the end too.
  const text = isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : '::';
  const [head = '', tail] = text.split('::');
  const first = toGroups(head);
  const last = tail === undefined ? [] : toGroups(tail);
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return toInteger([...first, ...zeros, ...last], 16n);
}

function toGroups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function toInteger(groups: readonly number[], width: bigint): bigint {
  return groups.reduce((sum, group) => (sum << width) + BigInt(group), 0n);
}

function toAddress(value: bigint, bits: 32 | 128): string {
  const width = bits === 32 ? 8n : 16n;
  const groups = Array.from({ length: bits === 32 ? 4 : 8 }, (_, index) =>
    Number((value >> (width * BigInt((bits === 32 ? 3 : 7) - index))) & ((1n << width) - 1n)),
  );
  if (bits === 32) return groups.join('.');
  const full = groups.map((group) => group.toString(16)).join(':');
  return new URL(`http://[${full}]`).hostname.slice(1, -1);
}
