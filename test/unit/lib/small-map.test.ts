import { array, assert, constantFrom, nat, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { SmallMap } from '../../../src/lib/small-map.ts';

const steps = array(tuple(constantFrom('set', 'delete'), constantFrom('a', 'b', 'c'), nat(9)));

test('it holds what a map holds, whatever comes and goes', () => {
  assert(
    property(steps, (all) => {
      const small = new SmallMap<string, number>();
      const map = new Map<string, number>();
      for (const [step, key, value] of all) {
        if (step === 'set') {
          small.set(key, value);
          map.set(key, value);
        } else expect(small.delete(key)).toBe(map.delete(key));
        expect(small.size).toBe(map.size);
        expect(new Map(small.entries())).toEqual(map);
        expect(new Set(small.keys())).toEqual(new Set(map.keys()));
        expect(new Set(small.values())).toEqual(new Set(map.values()));
        for (const each of ['a', 'b', 'c']) {
          expect(small.get(each)).toBe(map.get(each));
          expect(small.has(each)).toBe(map.has(each));
        }
      }
    }),
  );
});
