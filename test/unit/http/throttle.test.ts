import { expect, test } from 'vitest';
import { createThrottle } from '../../../src/http/throttle.ts';

test('one call per interval passes, and tells how many were swallowed before it', () => {
  let now = 5_000;
  const throttle = createThrottle(1_000, () => now);
  expect(throttle()).toBe(0);
  expect(throttle()).toBeUndefined();
  now += 999;
  expect(throttle()).toBeUndefined();
  now += 1;
  expect(throttle()).toBe(2);
  now += 1_000;
  expect(throttle()).toBe(0);
});
