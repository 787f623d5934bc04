import { describe, expect, it } from 'vitest';
import { BackOff } from '../../../src/lib/back-off.ts';

const settings = { firstMs: 500, mostMs: 30_000, healthyMs: 60_000 };
const delays = (backOff: BackOff, count: number): number[] =>
  Array.from({ length: count }, () => backOff.next(0));

describe('BackOff', () => {
  it('doubles up to the greatest delay', () => {
    const backOff = new BackOff(settings, () => 1 - Number.EPSILON);
    expect(delays(backOff, 9).map(Math.round)).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('never waits less than the least, nor less than half of what it may', () => {
    const backOff = new BackOff(settings, () => 0);
    expect(delays(backOff, 8)).toEqual([500, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it('starts anew after a healthy minute, and not before', () => {
    const backOff = new BackOff(settings, () => 0.5);
    delays(backOff, 5);
    backOff.healthy(1_000);
    expect(backOff.next(60_999)).toBe(12_000);
    backOff.healthy(70_000);
    backOff.healthy(100_000);
    expect(backOff.next(130_000)).toBe(500);
  });
});
