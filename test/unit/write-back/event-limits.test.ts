import { expect, it } from 'vitest';

import { defaultEventLimits, RepeatGate, TokenBucket } from '../../../src/write-back/event-limits.ts';

it('a bucket lets a burst through, and then so many for each second', () => {
  const bucket = new TokenBucket(defaultEventLimits, 0);
  let now = 0;
  let taken = 0;
  while (now < 10_000) {
    const wait = bucket.take(now);
    if (wait === 0) taken += 1;
    else now += Math.ceil(wait);
  }
  expect(taken).toBe(25 + 49);
});

it('a bucket that was left alone holds no more than a burst', () => {
  const bucket = new TokenBucket(defaultEventLimits, 0);
  const waits = Array.from({ length: 26 }, () => bucket.take(3_600_000));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(25);
  expect(waits[25]).toBe(200);
});

it('the same is counted, and let through after five minutes', () => {
  const gate = new RepeatGate(defaultEventLimits);
  expect(gate.pass('a', 0)).toBe(1);
  expect(gate.pass('a', 1_000)).toBe(0);
  expect(gate.pass('b', 1_000)).toBe(1);
  expect(gate.pass('a', 299_999)).toBe(0);
  expect(gate.pass('a', 300_000)).toBe(3);
  expect(gate.pass('a', 300_001)).toBe(0);
});

it('what was held back long ago is forgotten', () => {
  const gate = new RepeatGate(defaultEventLimits);
  gate.pass('a', 0);
  gate.pass('a', 1);
  gate.pass('b', 600_001);
  expect(gate.pass('a', 600_002)).toBe(1);
});
