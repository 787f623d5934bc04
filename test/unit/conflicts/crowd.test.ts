import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crowd } from '../../../src/conflicts/crowd.ts';
import { bySeniority, toObjectKey, type Aged } from '../../../src/model/object-ref.ts';

const ages = [undefined, '2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'];
const member = fc
  .record({ namespace: fc.constantFrom('m', 'n'), name: fc.constantFrom('a', 'b', 'c', 'd', 'e') })
  .chain(({ namespace, name }) =>
    fc.constantFrom(...ages).map((created): Aged => {
      const ref = { source: 's', kind: 'Ingress', namespace, name } as const;
      return created === undefined ? { ref } : { ref, created };
    }),
  );
const step = fc.record({ member, isThere: fc.boolean() });

describe('a crowd', () => {
  it('knows its eldest and its tenants, whoever comes and goes and is made again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const crowd = new Crowd();
        const members = new Map<string, Aged>();
        for (const { member: each, isThere } of steps) {
          const key = toObjectKey(each.ref);
          if (isThere) crowd.set(key, each);
          else crowd.delete(key);
          if (isThere) members.set(key, each);
          else members.delete(key);
          const [eldest] = [...members.values()].sort(bySeniority);
          expect(crowd.eldest).toEqual(eldest);
          expect(crowd.tenants).toBe(new Set([...members.values()].map(({ ref }) => ref.namespace)).size);
          expect(new Map(crowd.members)).toEqual(members);
        }
      }),
    );
  });

  it('has the same eldest in whatever order members of one owner came', () => {
    const ref = { source: 's', kind: 'Gateway', namespace: 'n', name: 'edge' } as const;
    const [http, tls]: readonly Aged[] = [{ ref }, { ref }];
    const keys = (['HTTPRoute', 'TLSRoute'] as const).map((kind) => toObjectKey({ ...ref, kind }));
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const crowd = new Crowd();
      for (const index of order) crowd.set(keys[index] ?? toObjectKey(ref), [http, tls][index] ?? { ref });
      expect(crowd.eldest).toBe(http);
    }
  });

  it('of many costs little to leave in order of age', () => {
    const crowd = new Crowd();
    const owners = Array.from({ length: 20_000 }, (_, index): Aged => {
      const name = `a${String(index).padStart(5, '0')}`;
      return { ref: { source: 's', kind: 'Ingress', namespace: 'n', name } };
    });
    for (const owner of owners) crowd.set(toObjectKey(owner.ref), owner);
    const started = performance.now();
    for (const owner of owners) {
      expect(crowd.eldest === owner).toBe(true);
      crowd.delete(toObjectKey(owner.ref));
    }
    expect(crowd.tenants).toBe(0);
    // A walk over all who are left would take half a minute.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
