import { expect, it } from 'vitest';

import { toProblem } from '../../../src/model/problem.ts';
import type { PortReport } from '../../../src/model/published.ts';
import { toPortReport } from '../../../src/ports/port-report.ts';
import { now, toFleet, toPool, toState, type PoolNotation } from './allocation/notation.ts';

function report(pool: PoolNotation, entries: readonly string[]): PortReport {
  const fleet = { ...toFleet(pool), addresses: ['edge.example.com', '2001:db8::1'] };
  return toPortReport(toState(entries), [fleet], [], { now });
}

it('a held port has the addresses of its fleet', () => {
  expect(report({ tcp: '100-103' }, ['100 tcp a:80 held@1']).ports).toEqual([
    {
      fleet: 'default',
      pool: 'default',
      port: 100,
      protocols: ['tcp'],
      state: 'held',
      holder: 'Service/ns/a',
      source: 'vms',
      servicePort: 80,
      since: '2026-01-01T00:01:00.000Z',
      addresses: ['edge.example.com:100', '[2001:db8::1]:100'],
    },
  ]);
});

it('tells the endpoint that a port is for', () => {
  const { ports } = report({ tcp: '100-103' }, ['100 tcp a:80/a-0 held@1', '101 tcp a:80/a-1 cooling@55']);
  expect(ports).toMatchObject([{ endpoint: 'a-0' }, { endpoint: 'a-1', state: 'cooling' }]);
});

it('a port that cools down says until when, and has no row afterwards', () => {
  const { ports } = report({ tcp: '100-103' }, ['100 tcp a:80 cooling@55', '101 tcp b:80 cooling@50']);
  expect(ports).toMatchObject([
    {
      port: 100,
      state: 'cooling',
      since: '2026-01-01T00:55:00.000Z',
      until: '2026-01-01T01:05:00.000Z',
      addresses: [],
    },
  ]);
});

it('a port outside the pool is lost, perhaps on one of its protocols only', () => {
  const { ports } = report({ tcp: '100-103', udp: '100-101' }, ['102 tcp+udp a:53 held@1']);
  expect(ports.map(({ protocols, state, addresses }) => [protocols, state, addresses.length])).toEqual([
    [['tcp'], 'held', 2],
    [['udp'], 'lost', 0],
  ]);
});

it('the ports of a fleet that is not configured are lost or cool down without an end', () => {
  const { ports } = toPortReport(toState(['100 tcp a:80 held@1', '101 tcp b:80 cooling@1']), [], [], { now });
  expect(ports.map(({ state, until }) => [state, until])).toEqual([
    ['lost', undefined],
    ['cooling', undefined],
  ]);
});

it('a pool counts each of its ports once, and none outside', () => {
  const pool = { tcp: '100-109', udp: '100-101', requestable: '105-109' };
  const entries = [
    '100 tcp+udp a:53 held@1',
    '101 tcp b:80 cooling@55',
    '102 tcp c:80 cooling@1',
    '200 tcp d:80 held@1',
  ];
  expect(report(pool, entries).pools).toEqual([
    {
      fleet: 'default',
      pool: 'default',
      protocol: 'tcp',
      range: '100-109',
      requestable: '105-109',
      total: 10,
      open: 10,
      held: 1,
      cooling: 1,
      free: 8,
    },
    {
      fleet: 'default',
      pool: 'default',
      protocol: 'udp',
      range: '100-101',
      requestable: '105-109',
      total: 2,
      open: 2,
      held: 1,
      cooling: 0,
      free: 1,
    },
  ]);
});

it('a port counts to the pool that has its number, and for its namespace once', () => {
  const pools = [
    toPool({ tcp: '100-109', maxPerNamespace: 5 }),
    toPool({ tcp: '200-209', udp: '200-209' }, 'games'),
  ];
  const fleet = { name: 'default', pools, addresses: [] };
  const entries = [
    '100 tcp a:80 held@1',
    '200 tcp+udp a:53 held@1',
    '201 tcp a:54 cooling@55',
    '300 tcp a:9 held@1',
  ];
  const { ports, namespaces } = toPortReport(toState(entries), [fleet], [], { now });
  expect(ports.map(({ port, pool, state }) => [port, pool, state])).toEqual([
    [100, 'default', 'held'],
    [200, 'games', 'held'],
    [201, 'games', 'cooling'],
    [300, 'default', 'lost'],
  ]);
  const row = { fleet: 'default', source: 'vms', namespace: 'ns' };
  expect(namespaces).toEqual([
    { ...row, pool: 'default', held: 2, cooling: 0, most: 5 },
    { ...row, pool: 'games', held: 1, cooling: 1, most: null },
  ]);
});

it('of all problems those of ports are reported', () => {
  const subject = { source: 'vms', kind: 'Service', namespace: 'ns', name: 'a' };
  const details = { message: 'm', hint: 'h' };
  const refused = toProblem('pool-exhausted', subject, details);
  const other = toProblem('no-endpoints', subject, details);
  expect(toPortReport(toState([]), [], [other, refused], { now }).refused).toEqual([refused]);
});

it('while a jump of the clock counts, a port cools down for as long as the allocation says', () => {
  const minute = 60_000;
  const untilOf = (ms: number, endsIn: number) => {
    const lag = { ms, endsIn };
    const fleet = { ...toFleet({ tcp: '100-100', cooldownMs: 10 * minute }), addresses: [] };
    const made = toPortReport(toState(['100 tcp a:80 cooling@30']), [fleet], [], { now, lag });
    expect(made.pools[0]?.free).toBe(made.ports.length === 0 ? 1 : 0);
    return made.ports[0]?.until;
  };
  const cooled = Date.parse('2026-01-01T00:40:00Z') - now;
  expect(cooled).toBeLessThan(0);
  expect(untilOf(0, 0)).toBeUndefined();
  expect(untilOf(10 * minute, 10 * minute)).toBeUndefined();
  expect(untilOf(60 * minute, 60 * minute)).toBe(new Date(now + cooled + 60 * minute).toISOString());
  expect(untilOf(60 * minute, 5 * minute)).toBe(new Date(now + 5 * minute).toISOString());
});
