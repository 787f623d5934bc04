import { expect, test } from 'vitest';
import { PendingClaims } from '../../../src/control-plane/pending-claims.ts';
import type { PortClaim } from '../../../src/model/ports.ts';

function claim(name: string): PortClaim {
  const holder = { source: 's', kind: 'Service', namespace: 'n', name };
  return { fleet: 'default', pools: ['default'], holder, servicePort: 3306, protocols: ['tcp'], field: '' };
}

function listNames(pending: PendingClaims, now: number): readonly string[] {
  return pending.problems(now, 'nobody leads').map(({ subject }) => subject.name);
}

test('who waits for a port is reported so when it lasts, however often it is looked at', () => {
  const pending = new PendingClaims();
  pending.update([claim('a')], 0);
  pending.update([claim('a'), claim('b')], 15_000);
  expect(pending.nextIn(15_000)).toBe(5_000);
  expect(listNames(pending, 19_999)).toEqual([]);
  expect(listNames(pending, 20_000)).toEqual(['a']);
  expect(pending.nextIn(20_000)).toBe(15_000);
  expect(listNames(pending, 35_000)).toEqual(['a', 'b']);
  expect(pending.nextIn(35_000)).toBeUndefined();
});

test('who has got it, or asks no more, waits no more, and waits anew another time', () => {
  const pending = new PendingClaims();
  pending.update([claim('a')], 0);
  pending.update([], 30_000);
  pending.update([claim('a')], 31_000);
  expect(listNames(pending, 40_000)).toEqual([]);
  expect(listNames(pending, 51_000)).toEqual(['a']);
});
