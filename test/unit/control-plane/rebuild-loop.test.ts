import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RebuildLoop } from '../../../src/control-plane/rebuild-loop.ts';

describe('RebuildLoop', () => {
  let rebuilds: number[];
  let loop: RebuildLoop;
  let started: number;

  beforeEach(() => {
    vi.useFakeTimers();
    rebuilds = [];
    started = performance.now();
    loop = new RebuildLoop(
      () => ({ quietMs: 50, maxWaitMs: 1_000, loneMs: 10 }),
      () => rebuilds.push(performance.now() - started),
    );
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function requestEvery(milliseconds: number, times: number): void {
    for (let n = 0; n < times; n++) {
      loop.request();
      vi.advanceTimersByTime(milliseconds);
    }
  }

  it('rebuilds soon for a single request', () => {
    requestEvery(2_000, 2);
    expect(rebuilds).toEqual([10, 2_010]);
  });

  it('gathers requests that come together until there is quiet', () => {
    requestEvery(5, 4);
    vi.advanceTimersByTime(2_000);
    expect(rebuilds).toEqual([15 + 50]);
  });

  it('waits for quiet when it has just rebuilt', () => {
    requestEvery(20, 2);
    vi.advanceTimersByTime(2_000);
    expect(rebuilds).toEqual([10, 20 + 50]);
  });

  it('does not wait longer than the maximum, however many requests come', () => {
    requestEvery(20, 150);
    expect(rebuilds).toEqual([10, 1_020, 2_020]);
  });

  it('rebuilds nothing any more when it is stopped', () => {
    loop.request();
    loop.stop();
    loop.request();
    vi.advanceTimersByTime(2_000);
    expect(rebuilds).toEqual([]);
  });

  it('never waits longer for a single request than the quiet time that is set', () => {
    loop = new RebuildLoop(
      () => ({ quietMs: 0, maxWaitMs: 1_000, loneMs: 0 }),
      () => rebuilds.push(performance.now() - started),
    );
    loop.request();
    vi.advanceTimersByTime(1);
    expect(rebuilds.length).toBe(1);
  });
});
