import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  emptyLedger,
  type LedgerEntry,
  type LedgerState,
  type PortClaim,
} from '../../../../src/model/ports.ts';
import type { PoolProtocol } from '../../../../src/model/port.ts';
import { allocatePorts } from '../../../../src/ports/allocation/allocate.ts';
import { isInPool, toCooledTime, type FleetPools } from '../../../../src/ports/allocation/pool.ts';
import { now, toFleet, toPort } from './notation.ts';

const cooldownMs = 1_000;

function toClaim(namespace: string, name: string, servicePort: number): PortClaim {
  return {
    fleet: 'default',
    pools: ['default'],
    holder: { source: 'prod', kind: 'Service', namespace, name },
    servicePort,
    protocols: ['tcp'],
    field: '',
  };
}

/** Whatever the hostile namespace may ask for at one time: any Services, ports, protocols and numbers. */
const hostileClaims = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      servicePort: fc.constantFrom(80, 81, 82),
      protocols: fc.constantFrom<readonly PoolProtocol[]>(['tcp'], ['udp'], ['tcp', 'udp']),
      requested: fc.option(fc.integer({ min: 98, max: 112 }), { nil: undefined }),
    })
    .map(({ name, servicePort, protocols, requested }): PortClaim => ({
      ...toClaim('hostile', name, servicePort),
      created: '2020-01-01T00:00:00Z',
      protocols,
      ...(requested !== undefined && { requested: toPort(requested) }),
    })),
  { selector: ({ holder, servicePort }) => `${holder.name}:${servicePort}`, maxLength: 12 },
);

const history = fc.array(
  fc.record({ passedMs: fc.constantFrom(0, 1, 300, 999, 1_001), claims: hostileClaims }),
  { minLength: 1, maxLength: 40 },
);

/** Held, or cooling down: nobody else can have it. */
function isTaken(entry: LedgerEntry, time: number): boolean {
  return entry.state === 'held' || toCooledTime(entry, cooldownMs) > time;
}

function chargeOf(namespace: string, { entries }: LedgerState, time: number): number {
  const taken = entries.filter((entry) => entry.holder.namespace === namespace && isTaken(entry, time));
  return new Set(taken.map(({ port }) => port)).size;
}

function countFree({ entries }: LedgerState, fleet: FleetPools, time: number): number {
  const taken = new Set(entries.filter((entry) => isTaken(entry, time)).map(({ port }) => port));
  let free = 0;
  for (let port = 100; port <= 109; port += 1) {
    if (isInPool(fleet.pools[0], 'tcp', toPort(port)) && !taken.has(toPort(port))) free += 1;
  }
  return free;
}

interface Moment {
  readonly ledger: LedgerState;
  readonly time: number;
  readonly refused: readonly string[];
}

/** Plays what the hostile namespace does over time, beside what a good one wants all along, and looks at each moment. */
function play(
  pool: Parameters<typeof toFleet>[0],
  wanted: readonly PortClaim[],
  check: (moment: Moment, fleet: FleetPools) => void,
): void {
  const fleet = toFleet({ ...pool, cooldownMs });
  fc.assert(
    fc.property(history, fc.nat(10), (steps, from) => {
      let ledger = emptyLedger;
      let time = now;
      for (const [index, { passedMs, claims }] of steps.entries()) {
        time += passedMs;
        const all = index < from ? claims : [...claims, ...wanted];
        const input = { claims: all, ledger, fleets: [fleet], now: time, keep: () => false };
        const result = allocatePorts(input);
        ({ ledger } = result);
        const refused = result.refused.filter(({ subject }) => subject.namespace === 'good');
        check({ ledger, time, refused: refused.map(({ code }) => code) }, fleet);
      }
    }),
    { numRuns: 300 },
  );
}

const three = [toClaim('good', 'x', 80), toClaim('good', 'x', 81), toClaim('good', 'y', 80)];

it('no namespace is ever charged with more than its quota, whatever it does', () => {
  play({ tcp: '100-109', udp: '100-109', maxPerNamespace: 4 }, three, ({ ledger, time }) => {
    expect(chargeOf('hostile', ledger, time)).toBeLessThanOrEqual(4);
  });
});

it('in a pool as large as the quotas together, who is within its quota always gets a port', () => {
  play({ tcp: '100-106', udp: '100-106', maxPerNamespace: 4 }, three, ({ refused }) => {
    expect(refused).toEqual([]);
  });
});

it('in a smaller one it is refused only when all that is not free is charged to somebody', () => {
  play({ tcp: '100-104', udp: '100-104', maxPerNamespace: 4 }, three, ({ ledger, time, refused }, fleet) => {
    if (refused.length === 0) return;
    const charged = chargeOf('hostile', ledger, time) + chargeOf('good', ledger, time);
    expect(countFree(ledger, fleet, time)).toBe(0);
    expect(charged).toBeGreaterThanOrEqual(5);
  });
});

it('without a quota one Service port takes no more than four numbers, however often it moves', () => {
  const fleet = toFleet({ tcp: '100-109', cooldownMs });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 100, max: 109 }), { maxLength: 90 }), (requests) => {
      let ledger = emptyLedger;
      for (const [index, requested] of requests.entries()) {
        const claims = [{ ...toClaim('hostile', 'a', 80), requested: toPort(requested) }];
        const time = now + index;
        ({ ledger } = allocatePorts({ claims, ledger, fleets: [fleet], now: time, keep: () => false }));
        expect(chargeOf('hostile', ledger, time)).toBeLessThanOrEqual(4);
      }
    }),
  );
});
