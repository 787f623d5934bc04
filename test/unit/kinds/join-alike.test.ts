import { expect, it } from 'vitest';
import { joinAlike } from '../../../src/kinds/join-alike.ts';
import type { Endpoint } from '../../../src/model/objects.ts';

function endpoint(address: string, rest: Partial<Endpoint> = {}): Endpoint {
  return { addresses: [address], ready: true, serving: true, terminating: false, ...rest };
}

it('makes one of endpoints that differ in nothing but their addresses', () => {
  const [one, two] = [endpoint('10.0.0.1'), endpoint('10.0.0.2', { zones: ['a', 'b'] })];
  const same = endpoint('10.0.0.3', { zones: ['a', 'b'] });
  expect(joinAlike([one, two, same])).toEqual([one, { ...two, addresses: ['10.0.0.2', '10.0.0.3'] }]);
  expect(joinAlike([])).toEqual([]);
});

it('keeps the order, which decides whom a limit leaves out', () => {
  const list = [endpoint('10.0.0.1'), endpoint('10.0.0.2', { ready: false }), endpoint('10.0.0.3')];
  expect(joinAlike(list)).toEqual(list);
});

it.each<Partial<Endpoint>>([
  { ready: false },
  { serving: false },
  { terminating: true },
  { zones: ['a'] },
  { hostname: 'db-0' },
])('keeps apart what has something else: %o', (other) => {
  const list = [endpoint('10.0.0.1'), endpoint('10.0.0.2', other)];
  expect(joinAlike(list)).toEqual(list);
});

it('keeps apart what has the same hostname', () => {
  const list = [endpoint('10.0.0.1', { hostname: 'db-0' }), endpoint('10.0.0.2', { hostname: 'db-0' })];
  expect(joinAlike(list)).toEqual(list);
});
