import { describe, expect, it } from 'vitest';
import type { PortClaim } from '../../../../src/model/ports.ts';
import { allocatePorts } from '../../../../src/ports/allocation/allocate.ts';
import { fromEntry, now, toClaim, toPool, toState, type PoolNotation } from './notation.ts';

interface Situation {
  readonly games?: PoolNotation;
  /** Without it the pool `games` is called so. */
  readonly name?: string;
  readonly before?: readonly string[];
  readonly keep?: readonly string[];
  readonly claims: readonly PortClaim[];
}

/** A claim of a Service that may use both pools, and by itself prefers `games`. */
function toPlayer(text: string, more: Partial<PortClaim> = {}): PortClaim {
  return { ...toClaim(text), pools: ['games', 'default'], ...more };
}

function play({ games = { tcp: '200-201' }, name = 'games', before = [], keep = [], claims }: Situation) {
  const pools = [toPool({ tcp: '100-101' }), toPool(games, name)];
  const result = allocatePorts({
    claims,
    ledger: toState(before),
    fleets: [{ name: 'default', pools }],
    now,
    keep: (holder) => keep.includes(holder.name),
  });
  return {
    entries: result.ledger.entries.map(fromEntry),
    pools: result.ledger.entries.map(({ pool }) => pool),
    refused: result.refused.map(({ code, message }) => `${code}: ${message}`),
  };
}

describe('a claim that names no pool', () => {
  it('gets a port of the one that it prefers, and of no other when that is full', () => {
    const { entries, pools, refused } = play({
      claims: ['a:80', 'b:80', 'c:80'].map((text) => toPlayer(text)),
    });
    expect(entries).toEqual(['200 tcp a:80 held@60', '201 tcp b:80 held@60']);
    expect(pools).toEqual(['games', 'games']);
    expect(refused).toEqual([
      'pool-exhausted: No port is free in the TCP pool 200-201 of pool games of fleet default for Service port 80',
    ]);
  });

  it('gets none of the pool that another one got its port of in the same moment', () => {
    const claims = [toPlayer('a:80'), toPlayer('b:80', { pools: ['default'] }), toPlayer('c:80')];
    expect(play({ claims }).entries).toEqual([
      '100 tcp b:80 held@60',
      '200 tcp a:80 held@60',
      '201 tcp c:80 held@60',
    ]);
  });

  it('stays where it holds a port, also in a pool that it may not use any more', () => {
    const before = ['100 tcp a:80 held@1'];
    expect(play({ before, claims: [toPlayer('a:80')] }).entries).toEqual(before);
    expect(play({ before, claims: [toPlayer('a:80', { pools: ['games'] })] }).entries).toEqual(before);
    expect(play({ before, claims: [toPlayer('a:80', { pools: [] })] }).entries).toEqual(before);
  });

  it('gets no other protocol of a pool that it may not use any more', () => {
    const before = ['200 tcp a:53 held@1'];
    const games = { tcp: '200-201', udp: '200-201' };
    const claim = toPlayer('a:53 tcp+udp', { pools: ['default'] });
    expect(play({ games, before, claims: [claim] }).entries).toEqual(before);
    expect(play({ games, before, claims: [{ ...claim, pools: ['games'] }] }).entries).toEqual([
      '200 tcp+udp a:53 held@1',
    ]);
  });

  it('gets back what cools down after it, whichever pool it prefers by now, while it may use it', () => {
    const before = ['100 tcp a:80 cooling@55'];
    expect(play({ before, claims: [toPlayer('a:80')] }).entries).toEqual(['100 tcp a:80 held@60']);
    expect(play({ before, claims: [toPlayer('a:80', { pools: ['games'] })] }).entries).toEqual([
      ...before,
      '200 tcp a:80 held@60',
    ]);
    expect(play({ before: ['100 tcp a:80 cooling@1'], claims: [toPlayer('a:80')] }).entries).toContain(
      '200 tcp a:80 held@60',
    );
  });

  it('gets the number that it asks for of whichever pool has it', () => {
    expect(play({ claims: [toPlayer('a:80 tcp 101')] }).entries).toEqual(['101 tcp a:80 held@60']);
    const { entries, refused } = play({ claims: [toPlayer('a:80 tcp 200', { pools: ['default'] })] });
    expect(entries).toEqual([]);
    expect(refused).toEqual([
      'port-request-refused: Pool port 200, requested for Service port 80, is outside the TCP pool 100-101 of fleet default',
    ]);
  });

  it('does not move within a pool that it may not use any more', () => {
    const before = ['200 tcp a:80 held@1'];
    const { entries, refused } = play({ before, claims: [toPlayer('a:80 tcp 201', { pools: ['default'] })] });
    expect(entries).toEqual(before);
    expect(refused[0]).toContain('pool port 200 is kept');
  });
});

describe('a claim that names a pool', () => {
  const wish = { pool: 'games' };

  it('moves there, and its old port cools down', () => {
    expect(play({ before: ['100 tcp a:80 held@1'], claims: [toPlayer('a:80', wish)] }).entries).toEqual([
      '100 tcp a:80 cooling@60',
      '200 tcp a:80 held@60',
    ]);
  });

  it('keeps what it has while there is no room, while it may not, and while its source is not read', () => {
    const before = ['100 tcp a:80 held@1'];
    const full = [...before, '200 tcp b:80 held@1', '201 tcp c:80 held@1'];
    const others = [toPlayer('b:80'), toPlayer('c:80')];
    const { entries, refused } = play({ before: full, claims: [toPlayer('a:80', wish), ...others] });
    expect(entries).toEqual(full);
    expect(refused[0]).toMatch(/^pool-exhausted: .*; pool port 100 is kept$/);
    expect(play({ before, claims: [toPlayer('a:80', { ...wish, pools: ['default'] })] }).entries).toEqual(
      before,
    );
    expect(play({ before, keep: ['a'], claims: [toPlayer('a:80', wish)] }).entries).toEqual(before);
  });

  it('gets nothing when it may not use it, and no number of another one', () => {
    expect(play({ claims: [toPlayer('a:80', { pool: 'games', pools: ['default'] })] }).entries).toEqual([]);
    const { refused } = play({ claims: [toPlayer('a:80 tcp 100', wish)] });
    expect(refused[0]).toContain('outside the TCP pool 200-201 of pool games of fleet default');
  });

  it('goes back to the port that it had there', () => {
    const before = ['100 tcp a:80 cooling@58', '200 tcp a:80 held@58'];
    expect(play({ before, claims: [toPlayer('a:80', { pool: 'default' })] }).entries).toEqual([
      '100 tcp a:80 held@60',
      '200 tcp a:80 cooling@60',
    ]);
  });

  it('is told which protocol the pool has no ports for', () => {
    const { entries, refused } = play({ claims: [toPlayer('a:53 tcp+udp', wish)] });
    expect(entries).toEqual(['200 tcp a:53 held@60']);
    expect(refused).toEqual([
      'pool-exhausted: Service port 53 gets no UDP port: pool games of fleet default has no UDP ports',
    ]);
  });
});

describe('the quota of a pool', () => {
  it('counts what is in this pool, and a number once', () => {
    const games = { tcp: '200-209', udp: '200-209', maxPerNamespace: 2 };
    const before = ['100 tcp a:1 held@1', '101 tcp a:2 held@1', '200 tcp+udp a:3 held@1'];
    const held = ['a:1', 'a:2', 'a:3 tcp+udp'].map((text) => toPlayer(text));
    const { entries, refused } = play({ games, before, claims: [...held, toPlayer('a:4'), toPlayer('a:5')] });
    expect(entries).toEqual([...before, '201 tcp a:4 held@60']);
    expect(refused).toEqual([
      'port-quota-exceeded: Service port 5 gets no pool port: namespace ns may have 2 of pool games of fleet default, and holds 2',
    ]);
  });

  it('is not eased by a move: the port that is left is charged where it is', () => {
    const games = { tcp: '200-209', maxPerNamespace: 1 };
    const before = ['200 tcp a:1 held@1'];
    const { entries, refused } = play({
      games,
      before,
      claims: [toPlayer('a:1', { pool: 'default' }), toPlayer('a:2', { pool: 'games' })],
    });
    expect(entries).toEqual(['100 tcp a:1 held@60', '200 tcp a:1 cooling@60']);
    expect(refused[0]).toContain('may have 1 of pool games of fleet default');
  });
});

describe('when the settings change', () => {
  it('a pool with another name has the same holders', () => {
    const before = ['200 tcp a:80 held@1'];
    const claims = [toPlayer('a:80', { pool: 'arcade', pools: ['arcade'] })];
    expect(play({ name: 'arcade', before, claims }).entries).toEqual(before);
  });

  it('a port whose pool is gone is given back once another pool has its number', () => {
    expect(play({ before: ['200 tcp a:80 held@1'], claims: [] }).entries).toEqual([
      '200 tcp a:80 cooling@60',
    ]);
    expect(play({ before: ['300 tcp a:80 held@1'], claims: [] }).entries).toEqual([
      '300 tcp a:80 cooling@60',
    ]);
    const gone = toState(['300 tcp a:80 held@1']).entries.map((entry) => ({ ...entry, pool: 'gone' }));
    const fleets = [{ name: 'default', pools: [toPool({ tcp: '100-101' })] }];
    const ledger = { entries: gone };
    expect(allocatePorts({ claims: [], ledger, fleets, now, keep: () => false }).ledger).toBe(ledger);
  });
});

describe('ports that are handed over', () => {
  it('are those of pools that the new Service may use', () => {
    const before = ['200 tcp a:80 held@1'];
    const takesFrom = toClaim('a:80').holder;
    expect(play({ before, claims: [toPlayer('b:80', { takesFrom })] }).entries).toEqual([
      '200 tcp b:80 held@60',
    ]);
    expect(play({ before, claims: [toPlayer('b:80', { takesFrom, pools: ['default'] })] }).entries).toEqual([
      '100 tcp b:80 held@60',
      '200 tcp a:80 cooling@60',
    ]);
    const named = { takesFrom, pool: 'games', pools: ['default'] };
    expect(play({ before, claims: [toPlayer('b:80', named)] }).entries).toEqual(['200 tcp a:80 cooling@60']);
  });
});

it('who goes to and fro between pools takes no more numbers than who asks for others', () => {
  const before = ['200', '201', '202'].map((port) => `${port} tcp a:80 cooling@59`);
  const { entries, refused } = play({
    games: { tcp: '200-209' },
    before: [...before, '203 tcp a:80 held@59'],
    claims: [toPlayer('a:80', { pool: 'default' })],
  });
  expect(entries).toEqual([...before, '203 tcp a:80 held@59']);
  expect(refused[0]).toContain('A port of fleet default, requested for Service port 80, is not given before');
});
