import { expect, test, vi } from 'vitest';
import { RebuildLoop } from '../../../src/loop/rebuild-loop.ts';

function watch(run: (loop: RebuildLoop, times: number[]) => void): number[] {
  vi.useFakeTimers();
  const times: number[] = [];
  const start = performance.now();
  const loop = new RebuildLoop({ quietMs: 50, maxWaitMs: 200 }, () => times.push(performance.now() - start));
  run(loop, times);
  vi.useRealTimers();
  return times;
}

test('many requests at once are one rebuild, after a quiet time', () => {
  expect(
    watch((loop) => {
      for (let i = 0; i < 10; i++) loop.request();
      vi.advanceTimersByTime(500);
    }),
  ).toEqual([50]);
});

test('requests that never cease are not put off for ever', () => {
  expect(
    watch((loop) => {
      for (let i = 0; i < 10; i++) {
        loop.request();
        vi.advanceTimersByTime(40);
      }
    }),
  ).toEqual([200, 400]);
});

test('after it was stopped nothing is rebuilt', () => {
  expect(
    watch((loop) => {
      loop.request();
      loop.stop();
      vi.advanceTimersByTime(500);
    }),
  ).toEqual([]);
});
