/**
 * The candidate that was probably meant, for "did you mean …?": at most one slip for each three letters.
 * Upper and lower case, `-` and `_` count as the same. Undefined when nothing is near; the first of equally near ones.
 */
export function findNearest(wrong: string, candidates: Iterable<string>): string | undefined {
  const written = fold(wrong);
  let best: string | undefined;
  let bestDistance = Math.floor(written.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(written, fold(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, '').slice(0, 100);
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
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
    [beforeLast, last] = [last, next];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
