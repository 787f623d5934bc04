import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListText } from '../../../src/kubernetes/list-text.ts';

function takeAll(text: string, most: number): { items: unknown[]; rest: unknown } {
  const list = new ListText(text);
  const items: unknown[] = [];
  for (let piece = list.take(most); piece.length > 0; piece = list.take(most)) {
    expect(piece.length).toBeLessThanOrEqual(most);
    items.push(...piece);
  }
  return { items, rest: list.rest() };
}

describe('ListText', () => {
  it('finds what a parser finds, in any order of keys, with any texts, with and without spaces', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('"items":[', '\\', '\\"', '{]', 'items'),
    );
    const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text), fc.dictionary(text, text));
    const item = fc.dictionary(text, value);
    const metadata = fc.record({ resourceVersion: text, items: fc.array(item), note: text });
    fc.assert(
      fc.property(
        fc.array(item),
        metadata,
        fc.boolean(),
        fc.constantFrom(0, 2),
        fc.integer({ min: 1, max: 5 }),
        (items, head, itemsFirst, indent, most) => {
          const list = itemsFirst
            ? { items, kind: 'X', metadata: head }
            : { kind: 'X', metadata: head, items };
          const { items: found, rest } = takeAll(JSON.stringify(list, null, indent), most);
          expect(found).toEqual(JSON.parse(JSON.stringify(items)));
          expect(rest).toEqual(JSON.parse(JSON.stringify({ ...list, items: [] })));
        },
      ),
    );
  });

  it('gives fewer of large items at a time', () => {
    const items = Array.from({ length: 10 }, (_, index) => ({ index, text: 'x'.repeat(100_000) }));
    const text = JSON.stringify({ items });
    expect(new ListText(text).take(10)).toHaveLength(3);
    expect(takeAll(text, 10).items).toEqual(items);
  });

  it('leaves what is no list to the caller', () => {
    expect(takeAll('{"kind":"Status","details":{"items":[{}]}}', 5)).toEqual({
      items: [],
      rest: { kind: 'Status', details: { items: [{}] } },
    });
    expect(takeAll('{"items":null}', 5)).toEqual({ items: [], rest: { items: null } });
  });

  it.each(['{"items":[{"a":1},{"b"', '{"items":[{"a', '{"items":[{}', '{"items":[1]}', 'nonsense', '', '[]'])(
    'refuses %s',
    (text) => {
      expect(() => takeAll(text, 5)).toThrow(SyntaxError);
    },
  );
});
