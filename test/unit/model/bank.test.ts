import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBanks, findBank, toBank, toBankRange, type BankedPool } from '../../../src/model/bank.ts';
import { listDocuments, parseDocumentName, toDocumentName } from '../../../src/model/document-name.ts';
import { inRange, isPort, type Port, type PortRange } from '../../../src/model/port.ts';

function port(value: number): Port {
  if (!isPort(value)) throw new Error(`${value} is no port`);
  return value;
}

function range(from: number, to: number): { readonly range: PortRange } {
  return { range: { from: port(from), to: port(to) } };
}

describe('a pool with banks', () => {
  const pool: BankedPool = { ranges: { tcp: range(20000, 20249), udp: range(20100, 20349) }, bank: 100 };

  it('begins with the lowest port of both protocols, so that a number is in one bank', () => {
    expect([20000, 20099, 20100, 20349].map((number) => toBank(pool, port(number)))).toEqual([0, 0, 1, 3]);
    expect(countBanks({ pools: [pool] })).toBe(4);
    expect(toBankRange(pool, 'udp', 0)).toBeUndefined();
    expect(toBankRange(pool, 'tcp', 2)).toEqual({ from: 20200, to: 20249 });
    expect(toBankRange(pool, 'udp', 2)).toEqual({ from: 20200, to: 20299 });
    expect(toBankRange(pool, 'tcp', 3)).toBeUndefined();
  });

  it('lies in bank 0 when it is not divided', () => {
    const whole = { ...pool, bank: null };
    expect(countBanks({ pools: [whole] })).toBe(1);
    expect(toBankRange(whole, 'tcp', 0)).toEqual({ from: 20000, to: 20249 });
    expect(toBankRange(whole, 'tcp', 1)).toBeUndefined();
    expect(toBank(whole, port(20249))).toBe(0);
  });

  it('shares the banks of its fleet with the other pools', () => {
    const games = { ranges: { udp: range(27000, 27009) }, bank: 1 };
    const fleet = { pools: [pool, games, { ranges: {}, bank: 10 }] };
    expect(countBanks(fleet)).toBe(10);
    expect(findBank(fleet, 'udp', port(27009))).toBe(9);
    expect(findBank(fleet, 'tcp', port(27009))).toBe(0);
    expect(countBanks({ pools: [] })).toBe(1);
  });

  it('has each of its ports in exactly one bank', () => {
    const anyRange = fc
      .tuple(fc.integer({ min: 1, max: 65000 }), fc.integer({ min: 0, max: 500 }))
      .map(([from, more]) => range(from, from + more));
    fc.assert(
      fc.property(anyRange, anyRange, fc.integer({ min: 1, max: 200 }), (tcp, udp, bank) => {
        const any: BankedPool = { ranges: { tcp, udp }, bank };
        // Far apart, the two would have more banks than are worth looking at.
        fc.pre(countBanks({ pools: [any] }) < 1_000);
        const banks = Array.from({ length: countBanks({ pools: [any] }) }, (_, index) => index);
        for (const protocol of ['tcp', 'udp'] as const) {
          const { from, to } = (protocol === 'tcp' ? tcp : udp).range;
          const ranges = banks.flatMap((each) => toBankRange(any, protocol, each) ?? []);
          expect(ranges.reduce((sum, each) => sum + each.to - each.from + 1, 0)).toBe(to - from + 1);
          for (const number of [from, to]) {
            const own = toBankRange(any, protocol, toBank(any, number));
            expect(own && inRange(own, number)).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('the name of a document', () => {
  it('is that of the fleet for bank 0', () => {
    expect(listDocuments('default', 3)).toEqual(['default', 'default/1', 'default/2']);
    expect(parseDocumentName(toDocumentName('default', 12))).toEqual({ fleet: 'default', bank: 12 });
    expect(parseDocumentName('default')).toEqual({ fleet: 'default', bank: 0 });
  });

  it.each(['default/0', 'default/01', 'default/1.0', 'default/', 'default/x', 'default/1/2'])(
    '%s is none',
    (name) => expect(parseDocumentName(name)).toEqual({ fleet: 'default', bank: NaN }),
  );
});
