import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/problem.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { guardShrink, type ShrinkGuard } from '../../../src/source/shrink-guard.ts';
import type { SourceState } from '../../../src/source/source.ts';
import { narrowOne } from './kinds/support.ts';

interface Fixture {
  readonly guard: ShrinkGuard;
  readonly batches: (readonly Change[])[];
  readonly states: SourceState[];
  codes: readonly string[];
  problems: readonly Problem[];
  /** Lets the time be up. */
  expire: (() => void) | undefined;
  delayMs: number | undefined;
}

function createFixture(): Fixture {
  const fixture: Omit<Fixture, 'guard'> = {
    batches: [],
    states: [],
    codes: [],
    problems: [],
    expire: undefined,
    delayMs: undefined,
  };
  const listener = {
    changed: (changes: readonly Change[]) => void fixture.batches.push(changes),
    problems: (problems: readonly Problem[]) => {
      fixture.problems = problems;
      fixture.codes = problems.map(({ code }) => code);
    },
    state: (state: SourceState) => void fixture.states.push(state),
  };
  const guard = guardShrink(listener, {
    source: 'test',
    startTimer(callback, delayMs) {
      fixture.expire = callback;
      fixture.delayMs = delayMs;
      return () => (fixture.expire = undefined);
    },
  });
  return Object.assign(fixture, { guard });
}

function set(name: string, kind: 'ConfigMap' | 'Service' = 'Service'): Change {
  const raw = { apiVersion: 'v1', kind, metadata: { name } };
  return { kind: 'set', object: narrowOne(kind, raw).object };
}

function remove(name: string, kind: 'ConfigMap' | 'Service' = 'Service'): Change {
  return { kind: 'delete', ref: { source: 'test', kind, namespace: 'default', name } };
}

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `s${from + index}`);

function createSynced(count: number): Fixture {
  const fixture = createFixture();
  fixture.guard.changed(names(0, count).map((name) => set(name)));
  fixture.guard.state({ kind: 'synced' });
  fixture.batches.length = 0;
  return fixture;
}

describe('the shrink guard', () => {
  it('passes on a loss of half, and of few objects', () => {
    const half = createSynced(50);
    half.guard.changed(names(0, 25).map((name) => remove(name)));
    expect(half.batches).toHaveLength(1);
    const few = createSynced(49);
    few.guard.changed(names(0, 49).map((name) => remove(name)));
    expect(few.batches).toHaveLength(1);
  });

  it('counts Services and Ingresses only', () => {
    const { guard, batches } = createSynced(50);
    guard.changed(names(0, 60).map((name) => set(name, 'ConfigMap')));
    guard.changed(names(0, 60).map((name) => remove(name, 'ConfigMap')));
    expect(batches).toHaveLength(2);
  });

  it('never holds before the first sync', () => {
    const { guard, batches } = createFixture();
    guard.changed(names(0, 60).map((name) => set(name)));
    guard.changed(names(0, 60).map((name) => remove(name)));
    expect(batches).toHaveLength(2);
  });

  it('holds a loss of more than half and all that follows, and says so', () => {
    const fixture = createSynced(60);
    fixture.guard.changed(names(0, 31).map((name) => remove(name)));
    fixture.guard.changed([set('new')]);
    expect(fixture.batches).toEqual([]);
    expect(fixture.delayMs).toBe(30_000);
    expect(fixture.problems[0]).toMatchObject({
      code: 'source-shrunk',
      message:
        'The source test lost 31 of 60 Services and Ingresses at once, such as Service/default/s0; its former state is served for 30 s.',
    });
  });

  it('delivers what it holds as one batch when the time is up', () => {
    const fixture = createSynced(60);
    fixture.guard.changed(names(0, 31).map((name) => remove(name)));
    fixture.guard.changed([set('new')]);
    fixture.expire?.();
    expect(fixture.batches).toHaveLength(1);
    expect(fixture.batches[0]?.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 31 }, () => 'delete'),
      'set',
    ]);
    expect(fixture.codes).toEqual([]);
    fixture.guard.changed([set('next')]);
    expect(fixture.batches).toHaveLength(2);
  });

  it('merges and delivers at once when the objects come back', () => {
    const fixture = createSynced(60);
    fixture.guard.changed(names(0, 60).map((name) => remove(name)));
    fixture.guard.changed(names(0, 29).map((name) => set(name)));
    expect(fixture.batches).toEqual([]);
    fixture.guard.changed(names(29, 59).map((name) => set(name)));
    expect(fixture.batches).toHaveLength(1);
    expect(fixture.batches[0]?.filter(({ kind }) => kind === 'delete')).toEqual([remove('s59')]);
    expect(fixture.batches[0]).toHaveLength(60);
    expect(fixture.codes).toEqual([]);
    expect(fixture.expire).toBeUndefined();
  });

  it('adds its problem to those of the source, and passes on states', () => {
    const fixture = createSynced(60);
    fixture.guard.problems([]);
    fixture.guard.changed(names(0, 60).map((name) => remove(name)));
    const [shrunk] = fixture.problems;
    if (shrunk === undefined) throw new Error('no problem');
    fixture.guard.problems([{ ...shrunk, code: 'syntax-error' }]);
    expect(fixture.codes).toEqual(['source-shrunk', 'syntax-error']);
    fixture.expire?.();
    expect(fixture.codes).toEqual(['syntax-error']);
    fixture.guard.state({ kind: 'stale', since: '', detail: '' });
    expect(fixture.states.map(({ kind }) => kind)).toEqual(['synced', 'stale']);
  });

  it('is silent after it was closed', () => {
    const fixture = createSynced(60);
    fixture.guard.changed(names(0, 60).map((name) => remove(name)));
    const { expire } = fixture;
    fixture.guard.close();
    expire?.();
    fixture.guard.changed([set('x')]);
    expect(fixture.batches).toEqual([]);
  });
});
