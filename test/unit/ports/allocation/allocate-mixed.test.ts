import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importedPool } from '../../../../src/model/imported-port.ts';
import type { PoolProtocol } from '../../../../src/model/port.ts';
import { emptyLedger, sniPortKind, type LedgerState, type PortClaim } from '../../../../src/model/ports.ts';
import {
  allocatePorts,
  type Allocation,
  type AllocationInput,
} from '../../../../src/ports/allocation/allocate.ts';
import {
  findPool,
  findPoolOfEntry,
  isInPool,
  type FleetPools,
} from '../../../../src/ports/allocation/pool.ts';
import { toClaimKey } from '../../../../src/ports/claim.ts';
import { formatLedger, parseLedger } from '../../../../src/ports/ledger/ledger-document.ts';
import { now, toClaim, toFleet, toPool, toPort, type PoolNotation } from './notation.ts';

const source = 'vms';
const namespace = fc.constantFrom('ns', 'other');
const protocols = fc.constantFrom<readonly PoolProtocol[]>(['tcp'], ['udp'], ['tcp', 'udp']);
const field = 'x';
const requested = fc.option(fc.constantFrom(101, 104, 202, 205).map(toPort), { nil: undefined, freq: 3 });
const choice = fc.constantFrom<Pick<PortClaim, 'pool' | 'pools'>>(
  { pools: ['default'] },
  { pools: ['extra', 'default'] },
  { pools: ['extra', 'default'], pool: 'extra' },
  { pools: ['default', 'extra'], pool: 'default' },
  { pools: ['default'], pool: 'extra' },
  { pools: [] },
);

const own: fc.Arbitrary<PortClaim> = fc
  .record({
    namespace,
    name: fc.constantFrom('a', 'b', 'c'),
    part: fc.constantFrom(undefined, 'k-0', 'k-1'),
    servicePort: fc.constantFrom(53, 80),
    protocols,
    requested,
    choice,
  })
  .map(({ namespace: of, name, part, requested: port, choice: pools, ...rest }) => ({
    fleet: 'default',
    holder: { source, kind: 'Service', namespace: of, name },
    ...(part !== undefined && { part: { kind: 'endpoint', name: part } }),
    ...rest,
    ...pools,
    ...(port !== undefined && { requested: port }),
    field,
  }));

const shared: fc.Arbitrary<PortClaim> = fc
  .record({ namespace, group: fc.constantFrom('db', '104'), by: fc.constantFrom('a', 'b', 'c'), choice })
  .map(({ namespace: of, group, by, choice: pools }) => ({
    fleet: 'default',
    holder: { source, kind: sniPortKind, namespace: of, name: group },
    servicePort: 443,
    protocols: ['tcp'],
    ...pools,
    ...(group === '104' && { requested: toPort(104) }),
    sharer: { ref: { source, kind: 'Service', namespace: of, name: by }, servicePorts: [80] },
    field,
  }));

const imported: fc.Arbitrary<PortClaim> = fc
  .record({ namespace, name: fc.constantFrom('a', 'b'), port: fc.constantFrom(101, 205, 900) })
  .map(({ namespace: of, name, port }) => ({
    fleet: 'default',
    holder: { source, kind: 'Service', namespace: of, name },
    part: { kind: 'listener', name: `import-${port}` },
    servicePort: 80,
    protocols: ['tcp'],
    pools: [importedPool],
    pool: importedPool,
    requested: toPort(port),
    field,
  }));

const notation: fc.Arbitrary<PoolNotation> = fc.record(
  {
    maxPerNamespace: fc.integer({ min: 1, max: 4 }),
    cooldownMs: fc.constantFrom(0, 1000),
    bank: fc.integer({ min: 1, max: 3 }),
    requestable: fc.constantFrom('104-105'),
  },
  { requiredKeys: ['cooldownMs'] },
);
const fleet: fc.Arbitrary<FleetPools> = fc
  .tuple(notation, notation, fc.boolean())
  .map(([first, second, hasExtra]) => {
    const base = toFleet({ ...first, tcp: '100-105', udp: '100-103' });
    const { requestable: _, ...rest } = second;
    const extra = toPool({ ...rest, tcp: '200-205', udp: '200-202' }, 'extra');
    return hasExtra ? { ...base, pools: [...base.pools, extra] } : base;
  });

const toKey = (claim: PortClaim): string =>
  `${toClaimKey(claim)} ${claim.sharer === undefined ? '' : claim.sharer.ref.name}`;
const step = fc.record({
  passedMs: fc.constantFrom(0, 1, 500, 1500),
  claims: fc
    .uniqueArray(fc.oneof({ weight: 4, arbitrary: own }, shared, imported), {
      selector: toKey,
      maxLength: 14,
    })
    // Of two imports with one number the first counts: the readers see to that.
    .map((claims) => [
      ...new Map(claims.map((each) => [each.pool === importedPool ? each.requested : each, each])).values(),
    ]),
  fleet,
});

function holds(check: (input: AllocationInput, result: Allocation) => void): void {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      let ledger: LedgerState = emptyLedger;
      let time = now;
      for (const { passedMs, claims, fleet: of } of steps) {
        time += passedMs;
        const input = { claims, ledger, fleets: [of], now: time, keep: () => false };
        const result = allocatePorts(input);
        check(input, result);
        ({ ledger } = result);
      }
    }),
    { numRuns: 200 },
  );
}

function allocateWithQuota(ledger: LedgerState, claims: readonly PortClaim[]): Allocation {
  const fleets = [toFleet({ tcp: '100-105', maxPerNamespace: 1 })];
  return allocatePorts({ claims, ledger, fleets, now, keep: () => false });
}

describe('over pools, endpoints, shared ports and imports together', () => {
  it('no port is given twice, and the ledger can be written and read again', () => {
    holds((_, { ledger }) => {
      const keys = ledger.entries.flatMap(({ protocols: on, port }) => on.map((each) => `${each} ${port}`));
      expect(new Set(keys).size).toBe(keys.length);
      expect(parseLedger(formatLedger(ledger), { location: 'x', wayOut: '' })).toEqual(ledger);
    });
  });

  it('neither the order of the claims nor a second pass changes anything', () => {
    holds((input, result) => {
      expect(allocatePorts({ ...input, claims: input.claims.toReversed() })).toEqual(result);
      expect(allocatePorts({ ...input, ledger: result.ledger }).ledger).toBe(result.ledger);
    });
  });

  it('an import that takes a number which cools down frees the quota of its namespace at once', () => {
    const cooling = allocateWithQuota(allocateWithQuota(emptyLedger, [toClaim('b:53 tcp')]).ledger, []);
    const { ledger, refused } = allocateWithQuota(cooling.ledger, [
      toClaim('a:53 tcp'),
      {
        ...toClaim('b:53 tcp 100'),
        part: { kind: 'listener', name: 'import-100' },
        pools: [importedPool],
        pool: importedPool,
      },
    ]);
    expect(refused).toEqual([]);
    expect(ledger.entries.map(({ port, holder, state }) => [port, holder.name, state])).toEqual([
      [100, 'b', 'held'],
      [101, 'a', 'held'],
    ]);
  });

  it('nobody is moved who does not ask for another number or pool', () => {
    holds((input, { ledger }) => {
      for (const before of input.ledger.entries) {
        if (before.state !== 'held') continue;
        const claims = input.claims.filter((each) => toClaimKey(each) === toClaimKey(before));
        if (claims.length === 0) continue;
        const twins = input.ledger.entries.filter(
          (each) => each.state === 'held' && toClaimKey(each) === toClaimKey(before),
        );
        const asksOther = claims.some(
          ({ requested: port, pool }) => (port !== undefined && port !== before.port) || pool !== undefined,
        );
        if (twins.length > 1 || asksOther) continue;
        const on = before.protocols.filter((each) => claims.some((claim) => claim.protocols.includes(each)));
        for (const protocol of on)
          expect(
            ledger.entries.some(
              (after) =>
                after.state === 'held' &&
                after.port === before.port &&
                after.protocols.includes(protocol) &&
                toClaimKey(after) === toClaimKey(before),
            ),
          ).toBe(true);
      }
    });
  });

  it('what is newly held is of a pool that the claim may use', () => {
    holds((input, { ledger }) => {
      const [of] = input.fleets;
      for (const entry of ledger.entries) {
        if (
          entry.state !== 'held' ||
          input.ledger.entries.some(
            (each) => each.port === entry.port && toClaimKey(each) === toClaimKey(entry),
          )
        )
          continue;
        const claims = input.claims.filter((each) => toClaimKey(each) === toClaimKey(entry));
        for (const protocol of entry.protocols)
          expect(
            claims.some(({ pools }) =>
              pools.some((name) => isInPool(findPool(of, name), protocol, entry.port)),
            ),
          ).toBe(true);
      }
    });
  });

  it('nobody is given more numbers of a pool than its quota', () => {
    holds((input, { ledger }) => {
      const [of] = input.fleets;
      const count = (state: LedgerState, pool: string, tenant: string, isHeld = false): ReadonlySet<number> =>
        new Set(
          state.entries.flatMap((entry) =>
            (entry.state === 'held' || !isHeld) &&
            entry.holder.namespace === tenant &&
            entry.protocols.some((each) => findPoolOfEntry(of, each, entry)?.name === pool)
              ? entry.port
              : [],
          ),
        );
      for (const { name, maxPerNamespace } of of?.pools ?? []) {
        if (maxPerNamespace === null) continue;
        for (const tenant of ['ns', 'other']) {
          // What cools down after it, it may always have again.
          const [before, after] = [count(input.ledger, name, tenant), count(ledger, name, tenant, true)];
          if ([...after].some((port) => !before.has(port)))
            expect(after.size).toBeLessThanOrEqual(Math.max(maxPerNamespace, before.size));
        }
      }
    });
  });
});
