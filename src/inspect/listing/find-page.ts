import { createTimeSlice } from '../../lib/time-slice.ts';
import type { Page, Query } from '../../model/listing.ts';

/** What of some items matches, without keeping the process from other work for longer than some milliseconds. */
export async function filterInSlices<T>(
  items: Iterable<T>,
  matches: (item: T) => boolean,
): Promise<readonly T[]> {
  const slice = createTimeSlice(4);
  const found: T[] = [];
  let count = 0;
  for (const item of items) {
    if (matches(item)) found.push(item);
    count += 1;
    if (count % 256 === 0) await slice();
  }
  return found;
}

/** The rows of a query among all that were found. */
export function toPage<T>(found: readonly T[], { offset, limit }: Pick<Query, 'limit' | 'offset'>): Page<T> {
  return { total: found.length, rows: found.slice(offset, offset + limit) };
}
