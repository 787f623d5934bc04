import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNearest } from '../../../src/lib/nearest.ts';

/** By its definition: the least of everything that the last step may have been. */
function count(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [c, d] = [a.slice(0, -1), b.slice(0, -1)];
  const swapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  return Math.min(
    count(c, b) + 1,
    count(a, d) + 1,
    count(c, d) + (a.at(-1) === b.at(-1) ? 0 : 1),
    swapped ? count(a.slice(0, -2), b.slice(0, -2)) + 1 : Infinity,
  );
}

describe('the nearest word', () => {
  it.each([
    ['max_Body', 'max-body'],
    ['mxa-body', 'max-body'],
    ['max-bdy', 'max-body'],
    ['host', undefined],
    ['', undefined],
    ['x'.repeat(1_000_000), undefined],
  ])('to %.20j is %j', (wrong, nearest) => expect(findNearest(wrong, ['max-body', 'retries'])).toBe(nearest));

  it('is the first of those with the fewest slips, and within the bound', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 4 }), fc.nat(4), (wrong, candidates, most) => {
        const [best] = candidates
          .map((candidate) => ({ candidate, slips: count(wrong, candidate) }))
          .filter(({ slips }) => slips <= most)
          .sort((a, b) => a.slips - b.slips);
        expect(findNearest(wrong, candidates, most)).toBe(best?.candidate);
      }),
    );
  });
});
