import { compareIpAddresses, parseIpAddress, type IpAddress } from './ip-address.ts';

interface Range {
  readonly from: IpAddress;
  readonly to: IpAddress;
}

/**
 * Networks in CIDR notation, with or without a prefix length, to look addresses up in: sorted, joined, and searched by halves. It
 * says what `net.BlockList` says, and is asked for each of 100,000 endpoints. An IPv4 network and its IPv4-mapped form are one.
 */
export class NetworkSet {
  readonly #ranges: readonly Range[];

  /** @throws TypeError for what is no network. Check what a user wrote before. */
  constructor(networks: readonly string[]) {
    this.#ranges = joinRanges(networks.map(toRange));
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  has(address: IpAddress): boolean {
    let [low, high] = [0, this.#ranges.length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const range = this.#ranges[middle];
      if (range === undefined || compareIpAddresses(address, range.from) < 0) high = middle - 1;
      else if (compareIpAddresses(address, range.to) > 0) low = middle + 1;
      else return true;
    }
    return false;
  }
}

function toRange(network: string): Range {
  const slash = network.indexOf('/');
  const text = slash === -1 ? network : network.slice(0, slash);
  const address = parseIpAddress(text);
  if (address === undefined) throw new TypeError(`${network} is no network`);
  const outer = text.includes(':') ? 0 : 96;
  const length = slash === -1 ? 128 : outer + Number(network.slice(slash + 1));
  const [a, b, c, d] = address;
  return {
    from: [toFirst(a, length), toFirst(b, length - 32), toFirst(c, length - 64), toFirst(d, length - 96)],
    to: [toLast(a, length), toLast(b, length - 32), toLast(c, length - 64), toLast(d, length - 96)],
  };
}

/** How many numbers the bits of a word beyond the first `length` make up. */
function toSize(length: number): number {
  return 2 ** (32 - Math.min(Math.max(length, 0), 32));
}

function toFirst(word: number, length: number): number {
  return word - (word % toSize(length));
}

function toLast(word: number, length: number): number {
  return toFirst(word, length) + toSize(length) - 1;
}

function joinRanges(ranges: readonly Range[]): readonly Range[] {
  const joined: Range[] = [];
  for (const range of ranges.toSorted((a, b) => compareIpAddresses(a.from, b.from))) {
    const last = joined.at(-1);
    if (last === undefined || compareIpAddresses(range.from, last.to) > 0) joined.push(range);
    else if (compareIpAddresses(range.to, last.to) > 0) joined[joined.length - 1] = { ...last, to: range.to };
  }
  return joined;
}
