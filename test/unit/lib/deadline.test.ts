import { setTimeout as sleep } from 'node:timers/promises';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../src/lib/deadline.ts';

describe('Deadline', () => {
  it('aborts when nobody moves it in time', async () => {
    const deadline = new Deadline();
    deadline.move(30);
    await sleep(15);
    deadline.move(30);
    await sleep(20);
    expect(deadline.signal.aborted).toBe(false);
    await sleep(30);
    expect([deadline.signal.aborted, deadline.passed]).toEqual([true, true]);
  });

  it('aborts with its parent, and leaves nothing behind there', () => {
    const parent = new AbortController();
    const first = new Deadline(parent.signal);
    first.dispose();
    const second = new Deadline(parent.signal);
    parent.abort();
    expect([first.signal.aborted, second.signal.aborted, second.passed]).toEqual([false, true, false]);
    expect(new Deadline(parent.signal).signal.aborted).toBe(true);
    second.dispose();
    expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
  });
});
