import { describe, expect, it } from 'vitest';

import { toProblem, type Problem } from '../../../../src/model/problem.ts';
import type { ProblemCode } from '../../../../src/model/problem-codes.ts';
import {
  planWarnings,
  toWarningContent,
  type Warning,
} from '../../../../src/write-back/events/plan-warnings.ts';

const db = { source: 'prod', kind: 'Service', namespace: 'ns', name: 'db' };
const details = { message: 'the pool is empty', hint: 'Make it larger.' };
const exhausted = toProblem('pool-exhausted', db, details);

function invalid(field: string): Problem {
  return toProblem('annotation-invalid', db, { field, message: 'It is wrong', hint: 'Mend it.' });
}

const toUid = (object: string): string => `uid of ${object}`;

function plan(problems: readonly Problem[], uidOf = toUid): readonly Warning[] {
  return [...planWarnings(problems, uidOf).values()].flat();
}

function toLines(...problems: readonly Problem[]): readonly string[] {
  return plan(problems).map((warning) => {
    const { type, reason, about, note } = toWarningContent(warning);
    return `${type} ${reason} ${about.kind}/${about.name}: ${note}`;
  });
}

describe('problems', () => {
  const line = 'Warning PoolExhausted Service/db: The pool is empty. Make it larger.';

  it('of one kind on one object are one Warning, in whatever order they are found', () => {
    const aggregated =
      'Warning AnnotationInvalid Service/db: a: It is wrong. Mend it. (And 2 more of this kind.)';
    expect(toLines(invalid('a'), invalid('b'), exhausted, invalid('c'))).toEqual([aggregated, line]);
    expect(toLines(exhausted, invalid('c'), invalid('a'), invalid('b'))).toEqual([line, aggregated]);
  });

  it.each([
    ['objects', { name: 'other' }],
    ['namespaces', { namespace: 'other' }],
    ['kinds', { kind: 'Ingress' }],
    ['sources', { source: 'other' }],
  ])('of different %s are Warnings of their own', (_what, other) => {
    expect(toLines(exhausted, toProblem('pool-exhausted', { ...db, ...other }, details))).toHaveLength(2);
  });

  it.each<[string, ProblemCode, string]>([
    ['that are worth knowing only', 'no-endpoints', 'Service'],
    ['of what is no object', 'source-unreadable', 'Source'],
  ])('%s make none', (_which, code, kind) => {
    expect(toLines(toProblem(code, { ...db, kind }, details))).toEqual([]);
  });

  it('are cut to what Kubernetes takes', () => {
    const long = { message: 'x'.repeat(3000), hint: 'y'.repeat(3000) };
    const [warning] = plan([
      toProblem('host-invalid', db, { ...long, field: 'e'.repeat(3000) }),
      toProblem('host-invalid', db, { ...long, field: 'f'.repeat(3000) }),
    ]);
    const note = warning === undefined ? '' : toWarningContent(warning).note;
    expect(note).toHaveLength(1024);
    expect(note.endsWith('... (And 1 more of this kind.)')).toBe(true);
  });
});

describe('problems that are counted only', () => {
  it('count in the Warning, whose words are those of one that is listed', () => {
    const rest = { ...toProblem('host-invalid', db, { message: 'and 7 more', hint: '' }), more: 7 };
    const listed = toProblem('host-invalid', db, { field: 'f', message: 'listed', hint: 'h' });
    for (const order of [
      [rest, listed],
      [listed, rest],
    ])
      expect(plan(order).map(({ first, more }) => [first, more])).toEqual([[listed, 7]]);
  });
});

describe('a Warning', () => {
  it('knows which object it is about', () => {
    expect(plan([exhausted])[0]?.uid).toBe('uid of prod|Service/ns/db');
  });

  it('is the very same one when nothing has changed', () => {
    const [first, second] = [invalid('a'), invalid('b')];
    const [former] = plan([first, second]);
    expect(plan([second, exhausted, first])).toContain(former);
    expect(plan([first])).not.toContain(former);
    expect(plan([first, second], () => 'another')).not.toContain(former);
  });
});
