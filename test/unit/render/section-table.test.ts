import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SectionTable } from '../../../src/render/section-table.ts';

function toText(table: SectionTable): string {
  return Buffer.concat([...table.toPieces()]).toString();
}

/** The same without chunks, kept text or search: what the table has to be equal to. */
class NaiveTable {
  readonly #members = new Map<string, Map<string, string>>();

  add(key: string, owner: string, member: string): void {
    this.#members.set(key, (this.#members.get(key) ?? new Map<string, string>()).set(owner, member));
  }

  remove(key: string, owner: string): void {
    this.#members.get(key)?.delete(owner);
    if (this.#members.get(key)?.size === 0) this.#members.delete(key);
  }

  has(key: string, owner: string): boolean {
    return this.#members.get(key)?.has(owner) ?? false;
  }

  toText(): string {
    const keys = [...this.#members.keys()].sort();
    return keys
      .map((key) => {
        const owners = this.#members.get(key) ?? new Map<string, string>();
        return owners.get([...owners.keys()].sort()[0] ?? '') ?? '';
      })
      .join(',');
  }
}

const step = fc.record({
  number: fc.nat(1_500),
  owner: fc.constantFrom('a', 'b'),
  removes: fc.integer({ min: 0, max: 9 }).map((each) => each < 4),
});

describe('a section table', () => {
  it('is what a plain sorted map is, over many chunks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000 }),
        fc.array(step, { minLength: 100, maxLength: 600 }),
        (filled, steps) => {
          const [table, naive] = [new SectionTable(), new NaiveTable()];
          const add = (number: number, owner: string): void => {
            const key = `k${number}`;
            if (naive.has(key, owner)) return;
            for (const each of [table, naive]) each.add(key, owner, `"${key}":"${owner}"`);
          };
          for (let number = 0; number < filled; number++) add(number, 'a');
          for (const [index, { number, owner, removes }] of steps.entries()) {
            if (!removes) add(number, owner);
            else if (naive.has(`k${number}`, owner))
              for (const each of [table, naive]) each.remove(`k${number}`, owner);
            if (index % 40 === 0) expect(toText(table)).toBe(naive.toText());
          }
          expect(toText(table)).toBe(naive.toText());
        },
      ),
      { numRuns: 40 },
    );
  });

  it('has no pieces when everything is gone again', () => {
    const table = new SectionTable();
    const keys = Array.from({ length: 1_000 }, (_, index) => `k${index}`);
    for (const key of keys) table.add(key, 'a', key);
    expect(table.toPieces().length).toBeGreaterThan(3);
    for (const key of keys.toReversed()) table.remove(key, 'a');
    expect(table.toPieces()).toEqual([]);
  });

  it('shows the member of the first owner, and that of the next when he goes', () => {
    const table = new SectionTable();
    table.add('k', 'b', 'of b');
    table.add('k', 'a', 'of a');
    expect(toText(table)).toBe('of a');
    table.remove('k', 'a');
    expect(toText(table)).toBe('of b');
  });

  it('keeps the text of chunks that did not change', () => {
    const table = new SectionTable();
    for (let number = 1_000; number < 2_000; number++) table.add(`k${number}`, 'a', `m${number}`);
    const before = table.toPieces();
    table.add('k1999x', 'a', 'new');
    expect(table.toPieces().slice(0, -1)).toEqual(before.slice(0, -1));
    expect(table.toPieces()[0]).toBe(before[0]);
  });
});
