import { describe, expect, it } from 'vitest';
import { RouteBudget } from '../../../src/conflicts/route-budget.ts';
import { toFleetKey, toObjectKey } from '../../../src/model/object-ref.ts';
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

describe('a namespace with four fifths of its routes', () => {
  it('is warned about its youngest object, which would be the first to get less', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 100 });
    const isWarned = (...all: readonly Translation[]): readonly boolean[] =>
      all.map(({ unit }) => budget.problemsOf(unit).some(({ code }) => code === 'limit-near'));
    take(budget, a(3), b(4), c(7));
    expect(isWarned(a(3), b(4), c(7))).toEqual([false, false, false]);
    expect(take(budget, a(4))).toEqual(['a', 'b']);
    expect(isWarned(a(4), b(4), c(7))).toEqual([false, true, false]);
    expect(take(budget, a(6))).toEqual(['a']);
    expect(take(budget, b(0), a(8))).toEqual(['a', 'b']);
    expect(isWarned(a(8), b(0))).toEqual([true, false]);
    expect(take(budget, a(7))).toEqual(['a']);
    expect(isWarned(a(7))).toEqual([false]);
  });

  it('is not warned when it has more than it may have: that is said of what is left out', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 100 });
    take(budget, a(4), b(8));
    expect(budget.problemsOf(b(8).unit)).toMatchObject([{ code: 'namespace-routes-exceeded' }]);
  });
});

describe('a fleet with four fifths of its routes', () => {
  it('is warned itself, by what its namespaces may have of them', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 20 });
    const fleet = toFleetKey('f');
    take(budget, a(1_000), c(5));
    expect(budget.problemsOf(fleet)).toEqual([]);
    expect([...(budget.replace(c(6)), budget.settle())]).toContain(fleet);
    expect(budget.problemsOf(fleet)).toMatchObject([
      { code: 'limit-near', subject: { kind: 'Fleet', name: 'f' } },
    ]);
    expect([...(budget.replace(c(5)), budget.settle())]).toContain(fleet);
    expect(budget.problemsOf(fleet)).toEqual([]);
  });
});

describe('the routes of a fleet', () => {
  it('are not used up by what a namespace may not have', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 20 });
    take(budget, a(1_000), b(1_000), c(10));
    expect(stand(budget, a(1_000), b(1_000), c(10))).toEqual([10, 0, 10]);
    expect(budget.problemsOf(c(10).unit)).toMatchObject([{ code: 'limit-near' }]);
  });

  it('are those of the elder objects too', () => {
    const budget = new RouteBudget({ namespace: 10, fleet: 15 });
    take(budget, a(10), c(10));
    expect(stand(budget, a(10), c(10))).toEqual([10, 5]);
    expect(budget.problemsOf(c(10).unit)).toMatchObject([{ code: 'fleet-routes-exceeded' }]);
    // Then there is room, but little: the fleet is warned.
    expect(take(budget, a(2))).toEqual(['a', 'c', 'f']);
    expect(stand(budget, c(10))).toEqual([10]);
  });
});
