import { expect, it } from 'vitest';

import {
  defaultEventLimits,
  RepeatGate,
  TokenBucket,
} from '../../../../src/write-back/events/event-limits.ts';

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

it('what happened waits until its time has passed, and nothing else does', () => {
  const gate = new RepeatGate(300);
  expect(gate.wait('a', 0)).toBe(0);
  gate.pass('a', 0);
  expect(gate.wait('a', 100)).toBe(200);
  expect(gate.wait('b', 100)).toBe(0);
  expect(gate.wait('a', 300)).toBe(0);
  gate.pass('a', 300);
  expect(gate.wait('a', 500)).toBe(100);
});

it('what happens again in time starts anew, though others passed in between', () => {
  const gate = new RepeatGate(300);
  gate.pass('a', 0);
  gate.pass('b', 100);
  gate.pass('a', 200);
  gate.pass('c', 410);
  expect(gate.wait('a', 410)).toBe(90);
  expect(gate.wait('b', 410)).toBe(0);
});
