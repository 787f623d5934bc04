import { describe, expect, it } from 'vitest';

import { emptyLedger } from '../../../src/model/ports.ts';
import { toProblem, type Problem } from '../../../src/model/problem.ts';
import type { ProblemCode } from '../../../src/model/problem-codes.ts';
import { planEvents, type EventView } from '../../../src/write-back/plan-events.ts';
import { toState } from '../ports/notation.ts';

const db = { source: 'prod', kind: 'Service', namespace: 'ns', name: 'db' };
const details = { message: 'the pool is empty', hint: 'Make it larger.' };
const exhausted = toProblem('pool-exhausted', db, details);
const nothing: EventView = { problems: [], ledger: emptyLedger };

function invalid(field: string): Problem {
  return toProblem('annotation-invalid', db, { field, message: `${field} is wrong`, hint: 'Mend it.' });
}

function withProblems(...problems: readonly Problem[]): EventView {
  return { problems, ledger: emptyLedger };
}

function withPorts(...entries: readonly string[]): EventView {
  return { problems: [], ledger: toState(entries) };
}

function toLines(before: EventView | undefined, after: EventView): readonly string[] {
  return planEvents(before, after).map(
    ({ type, reason, about, note }) => `${type} ${reason} ${about.kind}/${about.name}: ${note}`,
  );
}

describe('problems', () => {
  const told = 'Warning PoolExhausted Service/db: The pool is empty. Make it larger.';
  it('are told when they appear, and once', () => {
    expect(toLines(nothing, withProblems(exhausted))).toEqual([told]);
    expect(toLines(withProblems(exhausted), withProblems(exhausted))).toEqual([]);
    expect(toLines(withProblems(exhausted), nothing)).toEqual([]);
  });

  it('are all new to a leader that has just begun', () => {
    expect(toLines(undefined, withProblems(exhausted))).toEqual([told]);
  });

  it('of one kind on one object are one Event', () => {
    expect(toLines(nothing, withProblems(invalid('a'), invalid('b'), invalid('c'), exhausted))).toEqual([
      'Warning AnnotationInvalid Service/db: A is wrong. Mend it. (And 2 more of this kind.)',
      told,
    ]);
    expect(toLines(withProblems(invalid('a')), withProblems(invalid('a'), invalid('b')))).toEqual([
      'Warning AnnotationInvalid Service/db: B is wrong. Mend it.',
    ]);
  });

  it.each<[string, ProblemCode, string]>([
    ['that are worth knowing only', 'no-endpoints', 'Service'],
    ['of what is no object', 'source-unreadable', 'Source'],
  ])('%s are not told', (_which, code, kind) => {
    expect(toLines(nothing, withProblems(toProblem(code, { ...db, kind }, details)))).toEqual([]);
  });

  it('are cut to what Kubernetes takes', () => {
    const long = { message: 'x'.repeat(3000), hint: 'Mend it.' };
    const twice = [
      toProblem('host-invalid', db, long),
      toProblem('host-invalid', db, { ...long, field: 'f' }),
    ];
    const [event] = planEvents(nothing, withProblems(...twice));
    expect(event?.note).toHaveLength(1024);
    expect(event?.note.endsWith('... (And 1 more of this kind.)')).toBe(true);
  });
});

describe('ports', () => {
  it('are told when they are given', () => {
    expect(
      toLines(withPorts('100 tcp a:80 held@1'), withPorts('100 tcp a:80 held@1', '101 tcp+udp b:53 held@2')),
    ).toEqual([
      'Normal PortAllocated Service/b: Port 53 is reached on TCP and UDP port 101 of the fleet default.',
    ]);
  });

  it.each([
    ['goes on being held', '100 tcp a:80 held@1', '100 tcp a:80 held@2'],
    ['is given back', '100 tcp a:80 held@1', '100 tcp a:80 resting@2'],
  ])('are not told when one %s', (_what, before, after) => {
    expect(toLines(withPorts(before), withPorts(after))).toEqual([]);
  });

  it('are told again when they come back', () => {
    expect(toLines(withPorts('100 tcp a:80 resting@1'), withPorts('100 tcp a:80 held@2'))).toHaveLength(1);
  });

  it('that were held already are no news to a leader that has just begun', () => {
    expect(toLines(undefined, withPorts('100 tcp a:80 held@1'))).toEqual([]);
  });
});
