import { describe, expect, it } from 'vitest';
import { RouteBudget } from '../../../src/conflicts/route-budget.ts';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import { toEmptyTranslation, type Intent, type Translation } from '../../../src/routes/intent.ts';
import { unavailable } from '../../../src/routes/backend.ts';

function toTranslation(namespace: string, name: string, count: number, created: string): Translation {
  const ref = { source: 's', kind: 'Ingress', namespace, name } as const;
  const intents = Array.from({ length: count }, (_, at): Intent => ({
    kind: 'http',
    owner: { ref, created },
    why: { field: '', uses: [] },
    fleet: 'f',
    match: { host: { kind: 'any' }, path: { type: 'Prefix', value: `/${at}` } },
    fallback: false,
    filters: [],
    backend: unavailable,
  }));
  return { ...toEmptyTranslation(toObjectKey(ref)), intents };
}

const a = (count: number) => toTranslation('n', 'a', count, '2025-01-01T00:00:00Z');
const b = (count: number) => toTranslation('n', 'b', count, '2025-02-01T00:00:00Z');
const c = (count: number) => toTranslation('m', 'c', count, '2025-03-01T00:00:00Z');

function take(budget: RouteBudget, ...all: readonly Translation[]): readonly string[] {
  for (const each of all) budget.replace(each);
  return [...budget.settle()].map((unit) => unit.slice(unit.lastIndexOf('/') + 1)).sort();
}

const stand = (budget: RouteBudget, ...all: readonly Translation[]): readonly number[] =>
  all.map((each) => budget.stand(each).intents.length);

describe('the routes of a namespace', () => {
  it('all stand while there is room, and then a change touches its own object only', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 100 });
    expect(take(budget, a(4), b(6))).toEqual(['a', 'b']);
    expect(stand(budget, a(4), b(6))).toEqual([4, 6]);
    expect(take(budget, a(3))).toEqual(['a']);
    expect(budget.stand(a(3)).intents).toHaveLength(3);
  });

  it('are those of the elder objects, and the first of the last one', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 100 });
    take(budget, b(8), a(4), c(9));
    expect(stand(budget, a(4), b(8), c(9))).toEqual([4, 6, 9]);
    expect(budget.problemsOf(b(8).unit)).toMatchObject([
      {
        code: 'namespace-routes-exceeded',
        message: expect.stringContaining('the last 2 of 8 routes are left out'),
      },
    ]);
    expect(budget.problemsOf(a(4).unit)).toEqual([]);
    // The elder one makes room, and is gone at last.
    expect(take(budget, a(1))).toEqual(['a', 'b']);
    expect(stand(budget, b(8))).toEqual([8]);
    take(budget, a(12));
    expect(stand(budget, a(12), b(8))).toEqual([10, 0]);
    expect(take(budget, a(0))).toEqual(['a', 'b']);
    expect(stand(budget, b(8))).toEqual([8]);
  });
});

describe('the routes of a fleet', () => {
  it('are not used up by what a namespace may not have', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 20 });
    take(budget, a(1_000), b(1_000), c(10));
    expect(stand(budget, a(1_000), b(1_000), c(10))).toEqual([10, 0, 10]);
    expect(budget.problemsOf(c(10).unit)).toEqual([]);
  });

  it('are those of the elder objects too', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 15 });
    take(budget, a(10), c(10));
    expect(stand(budget, a(10), c(10))).toEqual([10, 5]);
    expect(budget.problemsOf(c(10).unit)).toMatchObject([{ code: 'fleet-routes-exceeded' }]);
    expect(take(budget, a(2))).toEqual(['a', 'c']);
    expect(stand(budget, c(10))).toEqual([10]);
  });
});
