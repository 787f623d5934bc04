import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/problem.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { guardShrink, type ShrinkGuard } from '../../../src/source/shrink-guard.ts';
import type { SourceState } from '../../../src/source/source.ts';
import { narrowOne } from '../kinds/support.ts';

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

type Kind = 'ConfigMap' | 'Service';

function set(name: string, kind: Kind = 'Service', namespace = 'default'): Change {
  const raw = { apiVersion: 'v1', kind, metadata: { name, namespace } };
  return { kind: 'set', object: narrowOne(kind, raw).object };
}

function remove(name: string, kind: Kind = 'Service', namespace = 'default'): Change {
  return { kind: 'delete', ref: { source: 'test', kind, namespace, name } };
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

/** The problems after all of these namespaces is lost, of `a` to `d` with 100, 30, 30 and 30 Services. */
function lose(...namespaces: readonly string[]): readonly string[] {
  const fixture = createFixture();
  const sizes = { a: 100, b: 30, c: 30, d: 30 };
  for (const [namespace, size] of Object.entries(sizes))
    fixture.guard.changed(names(0, size).map((name) => set(name, 'Service', namespace)));
  fixture.guard.state({ kind: 'synced' });
  fixture.guard.changed(
    namespaces.flatMap((each) => names(0, 100).map((name) => remove(name, 'Service', each))),
  );
  return fixture.codes;
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

  it('holds a loss of more than half, and says so', () => {
    const fixture = createSynced(60);
    fixture.guard.changed(names(0, 31).map((name) => remove(name)));
    expect(fixture.batches).toEqual([]);
    expect(fixture.delayMs).toBe(30_000);
    expect(fixture.problems[0]).toMatchObject({
      code: 'source-shrunk',
      message:
        'The source test lost 31 of 60 Services and Ingresses at once, in 1 of 1 namespaces, such as Service/default/s0; they are served for 30 s more',
    });
  });

  it('goes on passing what is new or changed, and holds all that is deleted meanwhile', () => {
    const fixture = createSynced(60);
    fixture.guard.changed([set('new'), ...names(0, 31).map((name) => remove(name)), set('s59')]);
    fixture.guard.changed([remove('s40'), set('s41'), remove('map', 'ConfigMap')]);
    expect(fixture.batches).toEqual([[set('new'), set('s59')], [set('s41')]]);
    fixture.expire?.();
    expect(fixture.batches.at(-1)).toEqual([
      ...names(0, 31).map((name) => remove(name)),
      remove('s40'),
      remove('map', 'ConfigMap'),
    ]);
    expect(fixture.batches).toHaveLength(3);
    expect(fixture.codes).toEqual([]);
    fixture.guard.changed([remove('s42')]);
    expect(fixture.batches.at(-1)).toEqual([remove('s42')]);
  });

  it('keeps holding while the objects of others take the place of those that went', () => {
    const fixture = createSynced(60);
    fixture.guard.changed(names(0, 60).map((name) => remove(name)));
    fixture.guard.changed(names(100, 300).map((name) => set(name)));
    expect(fixture.codes).toEqual(['source-shrunk']);
    fixture.expire?.();
    expect(fixture.batches.at(-1)).toHaveLength(60);
  });

  it('ends at once when the objects come back, with what is still gone', () => {
    const fixture = createSynced(60);
    fixture.guard.changed(names(0, 60).map((name) => remove(name)));
    fixture.guard.changed(names(0, 29).map((name) => set(name)));
    expect(fixture.codes).toEqual(['source-shrunk']);
    fixture.guard.changed(names(29, 59).map((name) => set(name)));
    expect(fixture.batches).toHaveLength(2);
    expect(fixture.batches[1]).toEqual([...names(29, 59).map((name) => set(name)), remove('s59')]);
    expect(fixture.codes).toEqual([]);
    expect(fixture.expire).toBeUndefined();
  });

  it('takes what is gone at last for gone, and not for lost again', () => {
    const fixture = createSynced(120);
    fixture.guard.changed(names(0, 61).map((name) => remove(name)));
    fixture.expire?.();
    // 59 are left: 29 of them are less than half.
    fixture.guard.changed(names(61, 90).map((name) => remove(name)));
    expect(fixture.batches.at(-1)).toHaveLength(29);
    expect(fixture.codes).toEqual([]);
  });

  it('never holds the loss of one tenant, however much he had, as long as there are others', () => {
    const fixture = createSynced(10);
    const big = names(0, 90).map((name) => set(name, 'Service', 'big'));
    fixture.guard.changed(big);
    fixture.guard.changed(names(0, 90).map((name) => remove(name, 'Service', 'big')));
    expect(fixture.batches).toHaveLength(2);
    expect(fixture.codes).toEqual([]);
  });

  it('holds a loss in most of the namespaces, and not one in half of them', () => {
    expect(lose('a', 'b')).toEqual([]);
    expect(lose('a', 'b', 'c')).toEqual(['source-shrunk']);
    // Three of four, but less than half of the objects.
    expect(lose('b', 'c', 'd')).toEqual([]);
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
