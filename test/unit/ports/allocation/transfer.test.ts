import { describe, expect, it } from 'vitest';

import type { Holder, LedgerState, PortClaim } from '../../../../src/model/ports.ts';
import { allocatePorts, type Allocation } from '../../../../src/ports/allocation/allocate.ts';
import { transferPorts } from '../../../../src/ports/allocation/transfer.ts';
import { fromEntry, now, toClaim, toFleet, toState } from './notation.ts';

const holderOf = (name: string, namespace = 'ns'): Holder => ({
  source: 'vms',
  kind: 'Service',
  namespace,
  name,
});

describe('transferring by hand', () => {
  const before = toState(['100 tcp a:80 held@1', '101 tcp a:81 cooling@55', '102 tcp b:80 held@1']);
  const at = '2026-01-01T01:00:00.000Z';

  it('takes all that is held, and what cools down', () => {
    const after = transferPorts(before, { holder: holderOf('a') }, { holder: holderOf('c') }, at);
    expect(after.entries.map(fromEntry)).toEqual([
      '100 tcp c:80 held@60',
      '101 tcp c:81 cooling@55',
      '102 tcp b:80 held@1',
    ]);
    expect(after.history).toMatchObject([{ port: 100, holder: { name: 'a' }, until: at }]);
  });

  it('takes one port of a Service for a listener', () => {
    const set: Holder = { ...holderOf('c'), kind: 'ListenerSet' };
    const target = { servicePort: 1, part: { kind: 'listener', name: 'mysql' } } as const;
    const after = transferPorts(
      before,
      { holder: holderOf('a'), target: { servicePort: 80 } },
      { holder: set, target },
      at,
    );
    expect(after.entries).toMatchObject([
      { port: 100, holder: set, ...target, state: 'held', since: at },
      { port: 101, holder: holderOf('a') },
      { port: 102, holder: holderOf('b') },
    ]);
    const back = transferPorts(
      after,
      { holder: set, target },
      { holder: holderOf('a'), target: { servicePort: 80 } },
      at,
    );
    expect(back.entries.map(fromEntry)).toEqual([
      '100 tcp a:80 held@60',
      '101 tcp a:81 cooling@55',
      '102 tcp b:80 held@1',
    ]);
  });

  it('changes nothing when there is nothing', () => {
    expect(transferPorts(before, { holder: holderOf('x') }, { holder: holderOf('c') }, at)).toBe(before);
  });

  it('of two ports of the new one the transferred is kept', () => {
    const after = transferPorts(before, { holder: holderOf('a') }, { holder: holderOf('b') }, at);
    const claims = ['b:80 tcp', 'b:81 tcp'].map(toClaim);
    const fleets = [toFleet({ tcp: '100-103' })];
    const { ledger } = allocatePorts({ claims, ledger: after, fleets, now, keep: () => false });
    expect(ledger.entries.map(fromEntry)).toEqual([
      '100 tcp b:80 held@60',
      '101 tcp b:81 held@60',
      '102 tcp b:80 cooling@60',
    ]);
  });
});

function take(
  before: readonly string[],
  claims: readonly PortClaim[],
  keep: readonly string[] = [],
): Allocation {
  const fleets = [toFleet({ tcp: '100-103' })];
  const isKept = ({ name }: Holder): boolean => keep.includes(name);
  return allocatePorts({ claims, ledger: toState(before), fleets, now, keep: isKept });
}

const list = ({ entries }: LedgerState): readonly string[] => entries.map(fromEntry);
const from = (claim: string, name: string): PortClaim => ({ ...toClaim(claim), takesFrom: holderOf(name) });

describe('taking over', () => {
  it('gets the port that the other one holds, which is given another', () => {
    const { ledger } = take(['102 tcp a:80 held@1'], [toClaim('a:80 tcp'), from('b:80 tcp', 'a')]);
    expect(list(ledger)).toEqual(['100 tcp a:80 held@60', '102 tcp b:80 held@60']);
    expect(ledger.history).toMatchObject([{ port: 102, holder: { name: 'a' } }]);
  });

  it('gets what cools down after the other one, and not what has cooled down', () => {
    expect(list(take(['102 tcp a:80 cooling@55'], [from('b:80 tcp', 'a')]).ledger)).toEqual([
      '102 tcp b:80 held@60',
    ]);
    expect(list(take(['102 tcp a:80 cooling@5'], [from('b:80 tcp', 'a')]).ledger)).toEqual([
      '100 tcp b:80 held@60',
      '102 tcp a:80 cooling@5',
    ]);
  });

  it('keeps the port that it has, and does not take the next one of the other', () => {
    const before = ['100 tcp a:80 held@1', '102 tcp b:80 held@1'];
    const claims = [toClaim('a:80 tcp'), from('b:80 tcp', 'a')];
    expect(list(take(before, claims).ledger)).toEqual(before);
  });

  it('goes to the older of two, in whatever order', () => {
    const claims = [from('c:80 tcp', 'a'), from('b:80 tcp', 'a')];
    const wanted = ['100 tcp c:80 held@60', '102 tcp b:80 held@60'];
    expect(list(take(['102 tcp a:80 cooling@55'], claims).ledger)).toEqual(wanted);
    expect(list(take(['102 tcp a:80 cooling@55'], claims.toReversed()).ledger)).toEqual(wanted);
  });

  it('waits while the source of the other one is not read', () => {
    const { ledger } = take(['102 tcp a:80 held@1'], [from('b:80 tcp', 'a')], ['a']);
    expect(list(ledger)).toEqual(['100 tcp b:80 held@60', '102 tcp a:80 held@1']);
  });

  it('has to fit into the quota of another namespace', () => {
    const toOther = (claim: PortClaim): PortClaim => ({ ...claim, holder: holderOf('b', 'other') });
    const claims = [toOther(toClaim('b:1 tcp')), toOther(from('b:80 tcp', 'a')), toClaim('a:80 tcp')];
    const [first, second] = toState(['100 tcp b:1 held@1', '102 tcp a:80 held@1']).entries;
    if (first === undefined || second === undefined) throw new Error('there are two');
    const ledger = { entries: [{ ...first, holder: holderOf('b', 'other') }, second] };
    const play = (maxPerNamespace: number): readonly string[] => {
      const fleets = [toFleet({ tcp: '100-103', maxPerNamespace })];
      return list(allocatePorts({ claims, ledger, fleets, now, keep: () => false }).ledger);
    };
    expect(play(1)).toEqual(['100 tcp b:1 held@1', '102 tcp a:80 held@1']);
    expect(play(2)).toEqual(['100 tcp b:1 held@1', '101 tcp a:80 held@60', '102 tcp b:80 held@60']);
  });
});
