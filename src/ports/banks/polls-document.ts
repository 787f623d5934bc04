import * as z from 'zod';

import type { BankPolls } from './bank-polls.ts';

/** A ConfigMap holds a megabyte; this is what some ten thousand hosts need. */
const mostLength = 500_000;

const document = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * Who polls which banks as JSON, such as `{"default":{"edge-1":"0-3,7"}}`: sorted, so that equal polls give equal text. Hosts for
 * which there is no room any more are left out.
 */
export function formatPolls(polls: BankPolls): string {
  let length = 0;
  const fleets = [...polls].sort(byName).map(([fleet, hosts]) => {
    const texts: [string, string][] = [];
    for (const [host, banks] of [...hosts].sort(byName)) {
      const text = toRanges([...banks]);
      length += host.length + text.length + 6;
      if (length <= mostLength) texts.push([host, text]);
    }
    return [fleet, Object.fromEntries(texts)] as const;
  });
  return JSON.stringify(Object.fromEntries(fleets));
}

/** Reads what `formatPolls` wrote; undefined for anything else. */
export function parsePolls(text: string): BankPolls | undefined {
  try {
    const fleets = document.parse(JSON.parse(text));
    return new Map(
      Object.entries(fleets).map(([fleet, hosts]) => [
        fleet,
        new Map(Object.entries(hosts).map(([host, ranges]) => [host, fromRanges(ranges)])),
      ]),
    );
  } catch {
    return undefined;
  }
}

/** `0-3,7` */
function toRanges(banks: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const bank of banks.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === bank - 1) last[1] = bank;
    else ranges.push([bank, bank]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

function fromRanges(text: string): ReadonlySet<number> {
  const banks = new Set<number>();
  for (const [, from = '', to = from] of text.matchAll(/(\d{1,4})(?:-(\d{1,4}))?/g)) {
    for (let bank = Number(from); bank <= Number(to); bank += 1) banks.add(bank);
  }
  return banks;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
