import { expect, it } from 'vitest';

import { TokenBucket } from '../../../src/lib/token-bucket.ts';

const rate = { burst: 25, perSecond: 5 };

it('a bucket lets a burst through, and then so many for each second', () => {
  const bucket = new TokenBucket(rate, 0);
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
  const bucket = new TokenBucket(rate, 0);
  const waits = Array.from({ length: 26 }, () => bucket.take(3_600_000));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(25);
  expect(waits[25]).toBe(200);
});
