import { expect, onTestFinished, test, vi } from 'vitest';
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

test('a clock that is put back by an hour swallows nothing', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const throttle = createThrottle(0);
  expect(throttle()).toBe(0);
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(throttle()).toBe(0);
});
