/**
 * The candidate that was probably meant, for "did you mean …?": at most `most` slips away, by default one for each three letters.
 * Upper and lower case, `-` and `_` count as the same. Undefined when nothing is near; the first of equally near ones.
 * The text may be a tenant's: what is of another length than a candidate is not compared with it.
 */
export function findNearest(wrong: string, candidates: Iterable<string>, most?: number): string | undefined {
  const written = fold(wrong);
  let best: string | undefined;
  let bestDistance = (most ?? Math.floor(written.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(written, fold(candidate), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Longer than any word that is compared. Cut before anything else is done with it. */
const longest = 100;

function fold(text: string): string {
  return text.slice(0, longest).toLowerCase().replaceAll(/[-_]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment); `limit` or more when it is not below. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  const start = countEqual(a, b);
  return compare(a.slice(start), b.slice(start), limit);
}

function countEqual(a: string, b: string): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count++;
  return count;
}

function compare(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      next[column] = Math.min(
        at(last, column) + 1,
        at(next, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    // A swap reaches over one row: two of them have to be beyond the limit.
    if (Math.min(...next, ...last) >= limit) return limit;
    [beforeLast, last] = [last, next];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
