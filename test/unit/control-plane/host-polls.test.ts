import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { HostPolls } from '../../../src/control-plane/host-polls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const hosts = new HostPolls();
  let changes = 0;
  hosts.onChange(() => (changes += 1));
  return {
    hosts,
    changes: () => changes,
    list: () =>
      [...hosts.polls()].flatMap(([fleet, own]) =>
        [...own].map(([host, banks]) => `${fleet} ${host} ${[...banks].sort((a, b) => a - b).join()}`),
      ),
  };
}

it('a host polls what it has got a whole answer for', () => {
  const { hosts, list, changes } = start();
  hosts.polled({}, 'default', 'edge-1');
  hosts.polled({}, 'default/2', 'edge-1');
  hosts.polled({}, 'inner', 'edge-2');
  expect(list()).toEqual(['default edge-1 0,2', 'inner edge-2 0']);
  expect(changes()).toBe(3);
});

it('it does so for as long as its connection is open, and a moment longer', () => {
  const { hosts, list, changes } = start();
  const connection = {};
  hosts.polled(connection, 'default', 'edge-1');
  vi.advanceTimersByTime(3_600_000);
  hosts.polled(connection, 'default', 'edge-1');
  hosts.closed(connection);
  expect(list()).toHaveLength(1);
  vi.advanceTimersByTime(9_000);
  const next = {};
  hosts.polled(next, 'default', 'edge-1');
  hosts.polled(next, 'default', 'edge-1');
  vi.advanceTimersByTime(60_000);
  expect(list()).toHaveLength(1);
  expect(changes()).toBe(1);
  hosts.closed(next);
  vi.advanceTimersByTime(11_000);
  expect(list()).toEqual([]);
  expect(changes()).toBe(2);
});

it('who asks once and goes away is gone at once', () => {
  const { hosts, list } = start();
  const connection = {};
  hosts.polled(connection, 'default', 'laptop');
  hosts.closed(connection);
  expect(list()).toEqual([]);
});

it('a connection that asks for something else polls that', () => {
  const { hosts, list } = start();
  const connection = {};
  hosts.polled(connection, 'default', 'edge-1');
  hosts.polled(connection, 'default/1', 'edge-1');
  expect(list()).toEqual(['default edge-1 1']);
});

it('so many hosts count, whatever names they give themselves', () => {
  const { hosts, list } = start();
  for (let count = 0; count < 5_000; count += 1) hosts.polled({}, 'default', `edge-${count}`);
  expect(list()).toHaveLength(1_000);
});

it('what is closed without having polled changes nothing', () => {
  const { hosts, changes } = start();
  hosts.closed({});
  expect(changes()).toBe(0);
});
