import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toObjectPath } from '../../../../src/model/object-ref.ts';
import { sniPortKind, type LedgerState, type PortClaim } from '../../../../src/model/ports.ts';
import { allocatePorts, type Allocation } from '../../../../src/ports/allocation/allocate.ts';
import { fromEntry, now, toClaim, toFleet, toPort, toState, type PoolNotation } from './notation.ts';

/** A Service of namespace `ns` that shares the port `name`; with a number it asks for that one. */
function toShared(service: string, name: string, requested?: number): PortClaim {
  const { holder, ...claim } = toClaim(`${service}:443 tcp`);
  return {
    ...claim,
    holder: { ...holder, kind: sniPortKind, name },
    sharer: { ref: holder, servicePorts: [5432] },
    ...(requested !== undefined && { requested: toPort(requested) }),
  };
}

function allocate(
  claims: readonly PortClaim[],
  ledger: LedgerState = toState([]),
  pool: PoolNotation = { tcp: '100-101' },
): Allocation {
  return allocatePorts({ claims, ledger, fleets: [toFleet(pool)], now, keep: () => false });
}

const toLines = ({ ledger }: Allocation): readonly string[] => ledger.entries.map(fromEntry);

describe('a port that Services share', () => {
  it('is one, for as long as one of them asks, and then cools down', () => {
    const both = allocate([toShared('a', 'databases'), toShared('b', 'databases')]);
    expect(toLines(both)).toEqual(['100 tcp databases:443 held@60']);
    const one = allocate([toShared('b', 'databases')], both.ledger);
    expect(one.ledger).toBe(both.ledger);
    expect(toLines(allocate([], both.ledger))).toEqual(['100 tcp databases:443 cooling@60']);
  });

  it('counts once for the namespace', () => {
    const claims = [toShared('a', 'databases'), toShared('b', 'databases'), toClaim('c:80 tcp')];
    const { refused } = allocate(claims, undefined, { tcp: '100-199', maxPerNamespace: 2 });
    expect(refused).toEqual([]);
  });

  it('that cannot be given is a problem of each of them, and of nobody else', () => {
    const claims = [toShared('a', '105', 105), toShared('b', '105', 105), toClaim('c:80 tcp')];
    const { refused } = allocate(claims);
    expect(refused.map(({ code, subject }) => `${code} ${toObjectPath(subject)}`)).toEqual([
      'port-request-refused Service/ns/a',
      'port-request-refused Service/ns/b',
    ]);
    expect(refused[0]?.message).toContain('Pool port 105, requested for Service port 443 shared as 105, is');
  });

  it('comes to the same in whatever order they ask, and costs no more than they are', () => {
    const all = Array.from({ length: 20_000 }, (_, index) => toShared(`s${index}`, 'databases'));
    const expected = allocate(all);
    expect(allocate(all.toReversed())).toEqual(expected);
    const few = ['a', 'b', 'c'].flatMap((service) => ['x', 'y', 'z'].map((name) => toShared(service, name)));
    fc.assert(
      fc.property(fc.shuffledSubarray(few, { minLength: few.length }), (claims) => {
        expect(allocate(claims)).toEqual(allocate(few));
      }),
    );
  });
});
