import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Claims } from '../../../src/conflicts/settle.ts';
import { bySeniority, toObjectKey, type Aged } from '../../../src/model/object-ref.ts';
import { toPriority } from '../../../src/render/priority.ts';
import { toEmptyTranslation, type SettledRoute, type Translation } from '../../../src/routes/intent.ts';
import type { ValueMatch } from '../../../src/routes/match.ts';
import { httpRoute, toTestSettings } from '../render/intents.ts';

function toOwner(name: string, created: string): Aged {
  return { ref: { source: 's', kind: 'Ingress', namespace: name, name }, created };
}

const header = (name: string): ValueMatch => ({ type: 'Exact', name, value: '1' });

/** One route for each header, all for the same host and path. */
function translation(owner: Aged, headers: readonly string[]): Translation {
  const intents = headers.map((name, index) =>
    httpRoute({
      owner,
      headers: [header(name)],
      tied: true,
      why: { field: `rules[${index}]`, uses: [] },
    }),
  );
  return { ...toEmptyTranslation(toObjectKey(owner.ref)), fleets: ['default'], intents };
}

function listServed(claims: Claims, all: Iterable<Translation>): readonly SettledRoute[] {
  return [...all]
    .flatMap((each) => claims.settle(each).intents)
    .filter((intent) => intent.kind === 'http')
    .sort((a, b) => toPriority(b) - toPriority(a));
}

const owners = ['a', 'b', 'c', 'd'].map((name, index) =>
  toOwner(name, `202${5 - (index % 3)}-01-01T00:00:00Z`),
);
const step = fc.record({
  owner: fc.constantFrom(...owners),
  headers: fc.uniqueArray(fc.constantFrom('x-a', 'x-b', 'x-c', 'x-d', 'x-e'), { maxLength: 3 }),
});

describe('routes that may match the same requests', () => {
  it('are asked in the order of age, then of names, then as they stand in their object', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const claims = new Claims(toTestSettings().ingress);
        const now = new Map<Aged, Translation>();
        for (const { owner, headers } of steps) {
          const next = translation(owner, headers);
          claims.replace(next);
          now.set(owner, next);
        }
        const served = listServed(claims, now.values());
        const expected = served.toSorted(
          (a, b) => bySeniority(a.owner, b.owner) || (a.why.field < b.why.field ? -1 : 1),
        );
        expect(served).toEqual(expected);
        expect(new Set(served.map(toPriority)).size).toBe(served.length);
      }),
    );
  });

  it('say whose number a change may have touched', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const claims = new Claims(toTestSettings().ingress);
        const now = new Map<Aged, Translation>();
        for (const { owner, headers } of steps) {
          const before = new Map([...now].map(([each, its]) => [each, JSON.stringify(claims.settle(its))]));
          const next = translation(owner, headers);
          const touched = claims.replace(next);
          now.set(owner, next);
          for (const [each, its] of now) {
            if (each !== owner && JSON.stringify(claims.settle(its)) !== before.get(each))
              expect(touched).toContain(its.unit);
          }
        }
      }),
    );
  });

  it('keep their numbers when a younger object comes', () => {
    const claims = new Claims(toTestSettings().ingress);
    const elder = translation(toOwner('a', '2024-01-01T00:00:00Z'), ['x-a', 'x-b']);
    claims.replace(elder);
    const before = listServed(claims, [elder]).map(toPriority);
    expect(claims.replace(translation(toOwner('b', '2025-01-01T00:00:00Z'), ['x-c'])).size).toBe(0);
    expect(listServed(claims, [elder]).map(toPriority)).toEqual(before);
  });

  it('lose to more headers, however old they are', () => {
    const young = httpRoute({ headers: [header('x-a'), header('x-b')] });
    const old = httpRoute({ headers: [header('x-a')], tied: true });
    expect(toPriority({ ...old, tie: 2 ** 18 - 2 })).toBeLessThan(toPriority(young));
  });
});
