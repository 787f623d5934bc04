import { describe, expect, it } from 'vitest';
import { injectClock } from '../../e2e/support/endurance/bulk/clock.ts';
import { isWithin, judgeFlat, judgeSame, judgeWithin, median } from '../../e2e/support/endurance/figures.ts';
import { Schedule } from '../../e2e/support/endurance/schedule.ts';
import { createRandom } from '../../e2e/support/random.ts';

describe('what judges a long run', () => {
  const allowance = { share: 0.1, amount: 2 };

  it('takes the middle one, of an even number that between the two', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });

  it('takes a single high figure for noise, and a rise for a rise', () => {
    expect(judgeFlat('m', [100, 101, 99, 100, 400, 100, 101, 100, 100], allowance).isGood).toBe(true);
    expect(judgeFlat('m', [100, 101, 99, 105, 108, 110, 114, 116, 118], allowance).isGood).toBe(false);
  });

  it('shows where two differ', () => {
    expect(judgeSame('s', { a: 1 }, { a: 1 }).isGood).toBe(true);
    const { isGood, detail } = judgeSame('s', { a: 1 }, { a: 2 });
    expect({ isGood, detail }).toEqual({ isGood: false, detail: expect.stringContaining('{"a":2}') });
  });

  it('minds more of a kind, and not fewer', () => {
    expect(isWithin({ socket: 2 }, { socket: 3, file: 1 })).toBe(true);
    expect(judgeWithin('h', { socket: 4, pipe: 1 }, { socket: 3 }).detail).toBe(
      'socket 4 in place of 3, pipe 1 in place of 0',
    );
  });
});

describe('the schedule of a long run', () => {
  const kinds = ['a', 'b', 'c'].map((name, index) => ({
    name,
    share: index + 1,
    run: () => Promise.resolve(),
  }));
  const draw = (seed: number): readonly string[] => {
    const schedule = new Schedule(kinds, createRandom(seed));
    return Array.from({ length: 12 }, () => schedule.next().name);
  };

  it('has each kind as often as its share says, and is the same for the same seed', () => {
    for (const half of [draw(1).slice(0, 6), draw(1).slice(6)])
      expect(half.toSorted()).toEqual(['a', 'b', 'b', 'c', 'c', 'c']);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });
});

describe('the injected clock', () => {
  it('goes on with the other one when time passes, and without it when it is set', () => {
    const clock = injectClock();
    try {
      const before = performance.now();
      clock.jump(3_600_000);
      expect(performance.now() - before).toBeLessThan(3_600_000);
      clock.pass(3_600_000);
      expect(performance.now() - before).toBeGreaterThanOrEqual(3_600_000);
      expect(clock.real() - before).toBeLessThan(3_600_000);
    } finally {
      clock.restore();
    }
  });

  it('tells another time, until it is put right', () => {
    const clock = injectClock();
    try {
      const before = Date.now();
      clock.jump(3_600_000);
      expect(Date.now() - before).toBeGreaterThanOrEqual(3_600_000);
      expect(new Date().getTime() - before).toBeGreaterThanOrEqual(3_600_000);
      expect(new Date(5).getTime()).toBe(5);
      clock.jump(-7_200_000);
      expect(Date.now()).toBeLessThan(before);
    } finally {
      clock.restore();
    }
  });
});
