import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReturnProbe } from '../../../../src/source/cluster/return-probe.ts';

describe('ReturnProbe', () => {
  let isThere: boolean;
  let asked: number;
  let returns: number;
  let probe: ReturnProbe;

  beforeEach(() => {
    vi.useFakeTimers();
    isThere = false;
    asked = 0;
    returns = 0;
    probe = new ReturnProbe({
      ask: () => {
        asked += 1;
        return isThere ? Promise.resolve() : Promise.reject(new Error('away'));
      },
      returned: () => (returns += 1),
      everyMs: 1_000,
    });
  });
  afterEach(async () => {
    await probe.stop();
    vi.useRealTimers();
  });

  it('says within its interval that the server is back', async () => {
    probe.start();
    await vi.advanceTimersByTimeAsync(300_500);
    expect(returns).toBe(0);
    isThere = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(returns).toBe(1);
  });

  it('says so once for each absence', async () => {
    probe.start();
    for (const there of [false, true, false, true]) {
      isThere = there;
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(returns).toBe(2);
  });

  it('says nothing of a server that was never away', async () => {
    isThere = true;
    probe.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(returns).toBe(0);
  });

  it('asks once in an interval, however often it is started', async () => {
    for (let times = 0; times < 5; times++) probe.start();
    await vi.advanceTimersByTimeAsync(9_500);
    expect(asked).toBe(10);
  });

  it('asks nothing any more when it is stopped, and can be started again', async () => {
    probe.start();
    await vi.advanceTimersByTimeAsync(2_500);
    await probe.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(3);
    isThere = true;
    probe.start();
    await vi.advanceTimersByTimeAsync(500);
    expect({ asked, returns }).toEqual({ asked: 4, returns: 0 });
  });
});
