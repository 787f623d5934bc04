import { describe, expect, it } from 'vitest';

import type { LedgerState, OpenBank } from '../../../../src/model/ports.ts';
import { allocatePorts } from '../../../../src/ports/allocation/allocate.ts';
import { mergePolls, noPolls, type BankPolls } from '../../../../src/ports/banks/bank-polls.ts';
import { formatPolls, parsePolls } from '../../../../src/ports/banks/polls-document.ts';
import { settleBanks } from '../../../../src/ports/banks/settle-banks.ts';
import { now, toClaim, toFleet, toState, type PoolNotation } from '../allocation/notation.ts';

const minute = 60_000;
const pool: PoolNotation = { tcp: '100-107', bank: 2, spare: 1, bankGraceMs: 60 * minute };

/** `edge-1: 0 1`: the banks that a host polls. */
function toPolls(...hosts: readonly string[]): BankPolls {
  const banks = hosts.map((text): [string, ReadonlySet<number>] => {
    const [host = '', list = ''] = text.split(':');
    return [host, new Set(list.trim().split(' ').map(Number))];
  });
  return new Map([['default', new Map(banks)]]);
}

interface Situation {
  readonly pool?: PoolNotation;
  readonly held?: readonly string[];
  readonly banks?: readonly OpenBank[];
  readonly polls?: BankPolls;
  readonly watchedSince?: number;
  readonly claims?: readonly string[];
}

function settle(given: Situation): LedgerState {
  const fleets = [toFleet(given.pool ?? pool)];
  const { held = [], banks = [] } = given;
  const ledger = { ...toState(held), ...(banks.length > 0 && { banks }) };
  const claims = (given.claims ?? []).map(toClaim);
  const first = allocatePorts({ claims, ledger, fleets, now, keep: () => true });
  return settleBanks({
    ledger: first.ledger,
    fleets,
    states: first.banks,
    polls: given.polls ?? noPolls,
    now,
    watchedSince: given.watchedSince ?? 0,
  });
}

function toOpen(bank: number, minutesAgo: number): OpenBank {
  const time = new Date(now - minutesAgo * minute).toISOString();
  return { fleet: 'default', bank, since: time, polled: time };
}

function banksOf({ banks = [] }: LedgerState): readonly number[] {
  return banks.map(({ bank }) => bank);
}

describe('a bank opens', () => {
  it('when a host polls it, with the time', () => {
    const time = '2026-01-01T01:00:00.000Z';
    expect(settle({ polls: toPolls('edge-1: 0 1') }).banks).toEqual([
      { fleet: 'default', bank: 1, since: time, polled: time },
    ]);
  });

  it('when every host that polls bank 0 polls it, and not before', () => {
    expect(banksOf(settle({ polls: toPolls('edge-1: 0 1', 'edge-2: 0') }))).toEqual([]);
    expect(banksOf(settle({ polls: toPolls('edge-1: 0 1', 'edge-2: 0 1 2') }))).toEqual([1]);
    // Of a host that serves no HTTP nobody knows what it is to listen on.
    expect(banksOf(settle({ polls: toPolls('edge-1: 0 1', 'edge-2: 2') }))).toEqual([1]);
  });

  it('whether it is wanted or not, unless it may be closed again', () => {
    expect(banksOf(settle({ polls: toPolls('edge-1: 0 3') }))).toEqual([3]);
    const shrinking = { ...pool, shrink: true };
    expect(banksOf(settle({ pool: shrinking, polls: toPolls('edge-1: 0 1 3') }))).toEqual([]);
    const claims = ['a:80 tcp', 'b:80 tcp'];
    expect(banksOf(settle({ pool: shrinking, claims, polls: toPolls('edge-1: 0 1 3') }))).toEqual([1]);
  });

  it('of no fleet that is not configured, and none that cannot be', () => {
    const elsewhere = new Map([['other', new Map([['edge-1', new Set([0, 1])]])]]);
    expect(settle({ polls: elsewhere }).banks).toBeUndefined();
    expect(settle({ polls: toPolls('edge-1: 0 4') }).banks).toBeUndefined();
  });
});

describe('a bank stays open', () => {
  it.each<[what: string, given: Situation]>([
    ['while any host polls it', { banks: [toOpen(1, 9)], polls: toPolls('edge-1: 0 1', 'edge-2: 0') }],
    ['until the last poll is too long ago', { banks: [toOpen(1, 60)] }],
    ['while a port of it is held', { banks: [toOpen(1, 61)], held: ['102 tcp a:80 held@1'] }],
    ['while this replica would not know of polls', { banks: [toOpen(1, 61)], watchedSince: now - minute }],
  ])('%s, and the ledger is the very object', (_what, given) => {
    const before = settle({ ...given, polls: noPolls, watchedSince: now });
    const fleets = [toFleet(pool)];
    const { banks } = allocatePorts({ claims: [], ledger: before, fleets, now, keep: () => true });
    const polls = given.polls ?? noPolls;
    const { watchedSince = 0 } = given;
    expect(settleBanks({ ledger: before, fleets, states: banks, polls, now, watchedSince })).toBe(before);
  });

  it('with the time of its last poll, noted now and then', () => {
    const polls = toPolls('edge-1: 0 1');
    const [after] = settle({ banks: [toOpen(1, 11)], polls }).banks ?? [];
    expect(after).toEqual({ ...toOpen(1, 11), polled: '2026-01-01T01:00:00.000Z' });
    expect(settle({ banks: [toOpen(1, 9)], polls }).banks).toEqual([toOpen(1, 9)]);
  });
});

describe('a bank closes', () => {
  it('when the last poll is too long ago and nobody holds a port of it', () => {
    expect(banksOf(settle({ banks: [toOpen(1, 61), toOpen(2, 1)] }))).toEqual([2]);
    const cooling = ['102 tcp a:80 cooling@59'];
    expect(banksOf(settle({ banks: [toOpen(1, 61)], held: cooling }))).toEqual([]);
  });

  it('when it is not needed, where that is configured, though it is polled', () => {
    const given = { banks: [toOpen(1, 0)], polls: toPolls('edge-1: 0 1') };
    expect(banksOf(settle({ ...given, pool: { ...pool, shrink: true } }))).toEqual([]);
    expect(banksOf(settle(given))).toEqual([1]);
  });

  it('not because its fleet is not configured', () => {
    const other = { ...toOpen(1, 999), fleet: 'other' };
    expect(settle({ banks: [other] }).banks).toEqual([other]);
  });
});

describe('what replicas tell each other', () => {
  const polls = toPolls('edge-2: 0 1 2 5', 'edge-1: 3');

  it('is text that reads back, the same for the same polls', () => {
    expect(formatPolls(polls)).toBe('{"default":{"edge-1":"3","edge-2":"0-2,5"}}');
    expect(parsePolls(formatPolls(polls))).toEqual(polls);
    expect(formatPolls(toPolls('edge-1: 3', 'edge-2: 5 2 1 0'))).toBe(formatPolls(polls));
    expect(formatPolls(noPolls)).toBe('{}');
  });

  it('is put together by host', () => {
    const others = toPolls('edge-1: 0', 'edge-3: 1');
    expect(mergePolls([polls, others, noPolls])).toEqual(
      toPolls('edge-2: 0 1 2 5', 'edge-1: 3 0', 'edge-3: 1'),
    );
  });

  it('has a length', () => {
    const hosts = Array.from({ length: 3_000 }, (_, index) => `${'h'.repeat(250)}${index}: 0`);
    expect(formatPolls(toPolls(...hosts)).length).toBeLessThan(600_000);
  });

  it.each(['', 'null', '[]', '{"default":1}', '{"default":{"a":1}}'])('is not %j', (text) => {
    expect(parsePolls(text)).toBeUndefined();
  });

  it('cannot be made to take for ever', () => {
    const [hosts] = parsePolls('{"default":{"a":"0-99999999,5-1,x"}}')?.values() ?? [];
    expect(hosts?.get('a')?.size).toBeLessThan(10_001);
  });
});
