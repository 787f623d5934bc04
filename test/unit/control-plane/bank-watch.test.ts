import { expect, onTestFinished, test, vi } from 'vitest';
import { BankWatch } from '../../../src/control-plane/bank-watch.ts';
import { HostPolls } from '../../../src/control-plane/host-polls.ts';

test('a clock that is set by an hour does not make it forget who polls', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const hosts = new HostPolls();
  const watch = new BankWatch({
    fleets: [],
    hosts,
    board: undefined,
    isLeader: () => true,
    states: () => new Map(),
    changed: () => undefined,
    settleMs: 0,
  });
  watch.start();
  hosts.polled({}, 'default', 'host');
  const before = watch.known;
  expect(before?.polls.get('default')?.has('host')).toBe(true);
  for (const ms of [-3_600_000, 7_200_000]) {
    vi.setSystemTime(Date.now() + ms);
    expect(watch.known).toEqual(before);
  }
  await watch.stop();
});
