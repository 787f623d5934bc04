import { describe, expect, it } from 'vitest';
import { planChecks } from '../../../src/health/plan-checks.ts';
import { toCheck } from './checks.ts';

const limits = { workers: 16, perNamespace: 3, total: 8 };
const of = (service: string, count: number) =>
  Array.from({ length: count }, (_, index) => toCheck(service, `10.0.0.${index}`));

function plan(wanted: Parameters<typeof planChecks>[0], more: object = {}): readonly string[] {
  return planChecks(wanted, { ...limits, ...more }).checks.map(
    ({ service, address }) => `${service.namespace}/${service.name} ${address}`,
  );
}

describe('what is checked', () => {
  it('is all that is asked for while there is room', () => {
    const { checks, problems } = planChecks([...of('a/x', 2), ...of('b/y', 3)], limits);
    expect(checks).toHaveLength(5);
    expect(problems).toEqual([]);
  });

  it('is of a namespace no more than it may have, and the rest is a problem of its Service', () => {
    const { problems } = planChecks([...of('a/y', 2), ...of('a/x', 2)], limits);
    expect(plan([...of('a/y', 2), ...of('a/x', 2)])).toEqual([
      'a/x 10.0.0.0',
      'a/x 10.0.0.1',
      'a/y 10.0.0.0',
    ]);
    expect(problems).toMatchObject([
      { code: 'health-check-left-out', subject: { name: 'y' }, message: expect.stringMatching(/^1 of its/) },
    ]);
  });

  it('is of every namespace the same share where not all has room', () => {
    const wanted = ['a', 'b', 'c', 'd'].flatMap((namespace) => of(`${namespace}/x`, 3));
    expect(plan(wanted)).toHaveLength(8);
    expect(plan(wanted).filter((each) => each.startsWith('d/'))).toHaveLength(2);
  });

  it('is more for some where others want less than their share', () => {
    const wanted = [...of('a/x', 1), ...['b', 'c', 'd'].flatMap((namespace) => of(`${namespace}/x`, 3))];
    expect(plan(wanted)).toHaveLength(8);
    expect(plan(wanted).filter((each) => each.startsWith('a/'))).toHaveLength(1);
  });

  it('uses all there is where there are more namespaces than checks', () => {
    const wanted = Array.from({ length: 20 }, (_, index) => of(`team-${index}/x`, 2)).flat();
    expect(plan(wanted)).toHaveLength(8);
    expect(new Set(plan(wanted).map((each) => each.split('/')[0])).size).toBe(8);
  });

  it('is nothing without workers', () => {
    expect(plan(of('a/x', 2), { workers: 0 })).toEqual([]);
  });
});
