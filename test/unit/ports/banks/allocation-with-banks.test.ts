import { describe, expect, it } from 'vitest';

import type { BankStatus } from '../../../../src/model/bank.ts';
import type { LedgerState, OpenBank } from '../../../../src/model/ports.ts';
import { allocatePorts, type Allocation } from '../../../../src/ports/allocation/allocate.ts';
import { fromEntry, now, toClaim, toFleet, toState, type PoolNotation } from '../allocation/notation.ts';

/** Banks of two ports: 100-101, 102-103 and so on. */
const pool: PoolNotation = { tcp: '100-107', bank: 2, spare: 0, bankGraceMs: 600_000 };

/** Open since long, and polled so many minutes ago. */
function toOpen(bank: number, minutesAgo = 0): OpenBank {
  const polled = new Date(now - minutesAgo * 60_000).toISOString();
  return { fleet: 'default', bank, since: '2026-01-01T00:00:00.000Z', polled };
}

function allocate(
  of: PoolNotation,
  claims: readonly string[],
  before: readonly string[] = [],
  banks: readonly OpenBank[] = [],
): Allocation {
  const ledger: LedgerState = { ...toState(before), ...(banks.length > 0 && { banks }) };
  return allocatePorts({
    claims: claims.map(toClaim),
    ledger,
    fleets: [toFleet(of)],
    now,
    keep: () => false,
  });
}

function statesOf({ banks }: Allocation): readonly BankStatus['state'][] {
  return (banks.get('default') ?? []).map(({ state }) => state);
}

function heldOf({ ledger }: Allocation): readonly string[] {
  return ledger.entries.map(fromEntry);
}

const three = ['a:80 tcp', 'b:80 tcp', 'c:80 tcp'];

describe('ports of banks that are not open', () => {
  it('are not handed out, and the next bank is wanted', () => {
    const result = allocate(pool, three);
    expect(heldOf(result)).toEqual(['100 tcp a:80 held@60', '101 tcp b:80 held@60']);
    expect(statesOf(result)).toEqual(['open', 'wanted', 'closed', 'closed']);
    expect(result.refused).toMatchObject([
      {
        code: 'pool-exhausted',
        subject: { name: 'c' },
        message:
          'No port is free in the TCP pool 100-107 of fleet default for Service port 80; its open banks have 2, and bank 1 is wanted',
        hint: 'A port is given as soon as bank 1 is open, which the operators see to. `fairlead edge` opens it by itself; without that, run on each host what `fairlead traefik --fleet default --bank 1` prints.',
      },
    ]);
  });

  it('are given as soon as it opens, with nobody moved', () => {
    const before = heldOf(allocate(pool, three));
    const result = allocate(pool, three, before, [toOpen(1)]);
    expect(heldOf(result)).toEqual([...before, '102 tcp c:80 held@60']);
    expect(statesOf(result)).toEqual(['open', 'open', 'closed', 'closed']);
    expect(result.refused).toEqual([]);
  });

  it('are no longer given after the last poll is too long ago, though the bank stays open', () => {
    const before = ['100 tcp a:80 held@1', '101 tcp b:80 held@1', '102 tcp x:80 held@1'];
    const claims = [...three, 'x:80 tcp'];
    expect(heldOf(allocate(pool, claims, before, [toOpen(1, 10)]))).toContain('103 tcp c:80 held@60');
    const late = allocate(pool, claims, before, [toOpen(1, 11)]);
    expect(heldOf(late)).toEqual(before);
    expect(statesOf(late)).toEqual(['open', 'open', 'wanted', 'closed']);
  });

  it('stay held by who has them, and their bank is wanted', () => {
    const before = ['105 tcp a:80 held@1'];
    const result = allocate(pool, ['a:80 tcp'], before);
    expect(heldOf(result)).toEqual(before);
    expect(statesOf(result)).toEqual(['open', 'closed', 'wanted', 'closed']);
  });

  it('do not come back to who had them before', () => {
    const before = ['105 tcp a:80 cooling@59'];
    expect(heldOf(allocate(pool, ['a:80 tcp'], before))).toContain('100 tcp a:80 held@60');
    expect(heldOf(allocate(pool, ['a:80 tcp'], before, [toOpen(2)]))).toEqual(['105 tcp a:80 held@60']);
  });
});

describe('a number in a bank that is not open', () => {
  it('is refused', () => {
    const result = allocate(pool, ['a:80 tcp 106']);
    expect(result.ledger.entries).toEqual([]);
    expect(result.refused).toMatchObject([
      {
        code: 'port-request-refused',
        message:
          'Pool port 106, requested for Service port 80, is in bank 3 of fleet default, which is not open',
        hint: 'Request a port of an open bank, remove the request to be given a port, or ask the operators to open the bank. They run on each host what `fairlead traefik --fleet default --bank 3` prints.',
      },
    ]);
    // Otherwise a tenant starts a process with each number that he names.
    expect(statesOf(result)).toEqual(['open', 'closed', 'closed', 'closed']);
    expect(heldOf(allocate(pool, ['a:80 tcp 106'], [], [toOpen(3)]))).toEqual(['106 tcp a:80 held@60']);
  });

  it('is refused with the port that is kept', () => {
    const { refused } = allocate(pool, ['a:80 tcp 106'], ['100 tcp a:80 held@1']);
    expect(refused[0]?.message).toContain('which is not open; pool port 100 is kept');
  });

  const banded = { ...pool, requestable: '104-107' };

  it('makes its bank wanted where it is of the band for requests', () => {
    const result = allocate(banded, ['a:80 tcp 106']);
    expect(statesOf(result)).toEqual(['open', 'closed', 'closed', 'wanted']);
    expect(result.refused[0]?.hint).toContain('it is given as soon as the bank is open');
  });

  it('does not when it could not be given anyway', () => {
    const full = { ...banded, maxPerNamespace: 1 };
    const result = allocate(full, ['a:80 tcp', 'b:80 tcp 106'], ['100 tcp a:80 held@1']);
    expect(result.refused).toMatchObject([{ code: 'port-quota-exceeded' }]);
    expect(statesOf(result)).toEqual(['open', 'closed', 'closed', 'closed']);
  });
});

describe('growth', () => {
  it('wants the next bank when fewer than `spare` are free in the open ones', () => {
    const spare = { ...pool, spare: 2 };
    expect(statesOf(allocate(spare, []))).toEqual(['open', 'closed', 'closed', 'closed']);
    expect(statesOf(allocate(spare, ['a:80 tcp']))).toEqual(['open', 'wanted', 'closed', 'closed']);
    expect(statesOf(allocate(spare, ['a:80 tcp'], [], [toOpen(1)]))).toEqual([
      'open',
      'open',
      'closed',
      'closed',
    ]);
  });

  it('does not count what cools down, nor the band for requests', () => {
    const spare = { ...pool, spare: 1 };
    const cooling = ['100 tcp x:80 cooling@59', '101 tcp y:80 cooling@59'];
    expect(statesOf(allocate(spare, [], cooling))[1]).toBe('wanted');
    expect(statesOf(allocate({ ...spare, requestable: '100-101' }, []))[1]).toBe('wanted');
  });

  it('passes over a bank that has nothing to hand out', () => {
    const result = allocate({ ...pool, spare: 3, requestable: '102-103' }, []);
    expect(statesOf(result)).toEqual(['open', 'closed', 'wanted', 'closed']);
  });

  it('looks at each protocol', () => {
    const both = { ...pool, udp: '100-103', spare: 1 };
    const result = allocate(both, ['a:53 udp', 'b:53 udp']);
    expect(statesOf(result)).toEqual(['open', 'wanted', 'closed', 'closed']);
    // UDP has no ports in bank 2, and TCP has enough.
    const before = heldOf(result);
    const claims = ['a:53 udp', 'b:53 udp', 'c:53 udp', 'd:53 udp'];
    expect(statesOf(allocate(both, claims, before, [toOpen(1)]))).toEqual([
      'open',
      'open',
      'closed',
      'closed',
    ]);
  });

  it('ends with the last bank', () => {
    const claims = Array.from({ length: 9 }, (_, index) => `s${index}:80 tcp`);
    const result = allocate(
      pool,
      claims,
      [],
      [1, 2, 3].map((bank) => toOpen(bank)),
    );
    expect(result.ledger.entries).toHaveLength(8);
    expect(result.refused[0]?.message).toContain('its open banks have 8, and no other bank is left');
    expect(statesOf(result)).toEqual(['open', 'open', 'open', 'open']);
  });

  it('is nothing for a pool without banks', () => {
    const result = allocate({ tcp: '100-100' }, three);
    expect(statesOf(result)).toEqual(['open']);
    expect(result.refused[0]?.message).toBe(
      'No port is free in the TCP pool 100-100 of fleet default for Service port 80',
    );
  });
});

describe('shrinking', () => {
  const shrinking = { ...pool, spare: 1, shrink: true };
  const open = [toOpen(1), toOpen(2)];

  it('closes the last banks that nobody needs, and leaves twice the spare ports', () => {
    expect(statesOf(allocate(shrinking, [], [], open))).toEqual(['open', 'closing', 'closing', 'closed']);
    expect(statesOf(allocate(shrinking, ['a:80 tcp'], [], open))).toEqual([
      'open',
      'open',
      'closing',
      'closed',
    ]);
  });

  it('closes none in which a port is held or cools down', () => {
    const before = ['104 tcp a:80 held@1'];
    expect(statesOf(allocate(shrinking, ['a:80 tcp'], before, open))[2]).toBe('open');
    expect(statesOf(allocate(shrinking, [], ['104 tcp a:80 cooling@59'], open))[2]).toBe('open');
    expect(statesOf(allocate(shrinking, [], ['104 tcp a:80 cooling@1'], open))[2]).toBe('closing');
  });

  it('has to be asked for', () => {
    expect(statesOf(allocate({ ...shrinking, shrink: false }, [], [], open))).toEqual([
      'open',
      'open',
      'open',
      'closed',
    ]);
  });
});
