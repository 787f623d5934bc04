import { describe, expect, it } from 'vitest';
import { listSome, toProblem, type Problem } from '../../../src/model/problem.ts';
import { boundProblems, mostProblems, ProblemList } from '../../../src/model/problem-list.ts';

const about = { source: 's', kind: 'Service', namespace: 'n', name: 'a' };
const toTexts = (problems: readonly Problem[]): readonly string[] =>
  problems.map(({ code, message, more }) => `${code}: ${message}${more === undefined ? '' : ` (${more})`}`);

function of(name: string): Problem {
  return toProblem('host-invalid', { ...about, name }, { message: 'm', hint: 'h' });
}

function report(list: ProblemList, count: number): number {
  let made = 0;
  for (let index = 0; index < count; index++) {
    list.report('host-invalid', () => {
      made += 1;
      return { message: `host ${index}`, hint: 'Mend it.' };
    });
  }
  return made;
}

describe('the problems of one object', () => {
  it('are all listed when they are few', () => {
    const list = new ProblemList(about);
    report(list, mostProblems);
    list.report('path-invalid', { message: 'a path', hint: 'Mend it.' });
    expect(list.toArray()).toHaveLength(mostProblems + 1);
  });

  it('are counted beyond twenty of a code, without the work of making their texts', () => {
    const list = new ProblemList(about);
    expect(report(list, 40_000)).toBe(mostProblems);
    list.report('path-invalid', { message: 'a path', hint: 'Mend it.' });
    const texts = toTexts(list.toArray());
    expect(texts).toHaveLength(mostProblems + 2);
    expect(texts.slice(-2)).toEqual([
      'path-invalid: A path',
      'host-invalid: And 39,980 more problems of this kind (39980)',
    ]);
  });

  it('are counted once when two lists come together', () => {
    const [first, second] = [new ProblemList(about), new ProblemList(about)];
    report(first, 30);
    report(second, 5);
    second.add(first.toArray());
    expect(second.toArray()).toHaveLength(mostProblems + 1);
    expect(second.toArray().at(-1)).toMatchObject({ code: 'host-invalid', more: 15 });
    expect(boundProblems([...first.toArray(), ...first.toArray()]).at(-1)).toMatchObject({ more: 40 });
  });

  it('do not hide those of another object', () => {
    const many = Array.from({ length: 500 }, () => of('a'));
    const bounded = boundProblems([...many, of('b'), ...many]);
    expect(bounded).toHaveLength(mostProblems + 2);
    expect(bounded.filter(({ subject }) => subject.name === 'b')).toEqual([of('b')]);
  });

  it('have texts of bearable length', () => {
    const long = 'x'.repeat(1_000_000);
    const problem = toProblem('host-invalid', about, { field: long, message: long, hint: long });
    expect(JSON.stringify(problem).length).toBeLessThan(2_000);
    expect(problem.message.endsWith('…')).toBe(true);
    expect(listSome(Array.from({ length: 3_000 }, (_, index) => `p${index}${long}`)).length).toBeLessThan(
      1_000,
    );
    expect(listSome(['a', 'b'])).toBe('a, b');
    expect(listSome('abcdefghijklm'.split(''))).toBe('a, b, c, d, e, f, g, h, i, j and 3 more');
  });
});
