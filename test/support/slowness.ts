import { createHash } from 'node:crypto';

/** What the work below takes on the machine where the bounds of the tests were measured. */
const REFERENCE_MS = 15;

/**
 * How many times slower than the machine where the bounds were measured this one is now; at least 1. A bound in milliseconds
 * times this holds on slow and on busy machines as well: `expect(took).toBeLessThan(500 * slowness())`.
 */
export function slowness(): number {
  const began = performance.now();
  work();
  return Math.max(1, (performance.now() - began) / REFERENCE_MS);
}

/** Of the kind that the tests measure: text, objects, sorting, a digest. */
function work(): void {
  const objects = Array.from({ length: 10_000 }, (_, index) => ({
    name: `app-${(index * 7_919) % 10_000}`,
    index,
  }));
  const text = JSON.stringify(objects.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  createHash('sha256')
    .update(JSON.stringify(JSON.parse(text)))
    .digest();
}
