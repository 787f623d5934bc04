import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ApartOptions } from '../../../src/conflicts/apart-options.ts';
import { chooseOptions, type TlsUse } from '../../../src/conflicts/choose-options.ts';
import { bySeniority, toObjectKey, type Aged, type ObjectKey } from '../../../src/model/object-ref.ts';
import type { HostTlsOptions } from '../../../src/routes/tls-options.ts';

const owners: readonly Aged[] = ['a', 'b', 'c', 'd'].map((name, index) => ({
  ref: { source: 's', kind: 'HTTPRoute', namespace: index < 2 ? 'm' : 'n', name },
  created: `2026-01-0${(index % 2) + 1}T00:00:00Z`,
}));

const toOptions = (key: string): HostTlsOptions => ({
  kind: 'own',
  key,
  value: { alpnProtocols: ['http/1.1'] },
});

const use = fc
  .record({
    place: fc.constantFrom('', 'other'),
    owner: fc.constantFrom(...owners),
    key: fc.constantFrom(undefined, 'x', 'y'),
  })
  .map(({ place, owner, key }): TlsUse => {
    return { place, owner, options: undefined, ...(key !== undefined && { apart: toOptions(key) }) };
  });

it('are those of whoever was the first to serve the host there, however that came about', () => {
  fc.assert(
    fc.property(fc.array(use, { maxLength: 40 }), (uses) => {
      const apart = new ApartOptions();
      const now = new Map<ObjectKey, TlsUse>();
      for (const each of uses) {
        const unit = toObjectKey(each.owner.ref);
        const former = now.get(unit);
        apart.replace(unit, former === undefined ? [] : [former], [each]);
        now.set(unit, each);
      }
      for (const place of ['', 'other']) {
        const there = [...now.values()].filter((each) => each.place === place);
        const [first] = there.sort((a, b) => bySeniority(a.owner, b.owner));
        expect(apart.find(place)?.key).toBe(first?.apart?.key);
      }
    }),
  );
});

it('are none of those that are asked for', () => {
  const [owner] = owners;
  if (owner === undefined) throw new Error('no owner');
  expect(
    chooseOptions([{ place: '', owner, options: undefined, apart: toOptions('x') }], ''),
  ).toBeUndefined();
});
