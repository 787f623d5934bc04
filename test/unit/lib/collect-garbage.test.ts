import { expect, test } from 'vitest';
import { collectGarbage } from '../../../src/lib/collect-garbage.ts';

/** Megabytes that nothing refers to once it has returned. */
function leaveBehind(): number {
  const left = Array.from({ length: 200_000 }, (_, index) => ({ index, text: `number ${index}` }));
  return left.length;
}

/** What is left of many objects lies far apart. */
function leaveSome(): readonly object[] {
  const all = Array.from({ length: 400_000 }, (_, index) => ({ index, text: `number ${index}` }));
  collectGarbage();
  return all.filter(({ index }) => index % 20 === 0);
}

test('gives back the pages on which little is left', () => {
  const some = leaveSome();
  const full = process.memoryUsage().heapTotal;
  collectGarbage();
  const after = process.memoryUsage().heapTotal;
  expect(some).toHaveLength(20_000);
  expect(full - after).toBeGreaterThan(15_000_000);
});

test('gives back what nothing refers to', () => {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  expect(leaveBehind()).toBe(200_000);
  const full = process.memoryUsage().heapUsed;
  collectGarbage();
  const after = process.memoryUsage().heapUsed;
  expect(full - before).toBeGreaterThan(5_000_000);
  expect(after - before).toBeLessThan((full - before) / 2);
});
