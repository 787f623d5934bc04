import { describe, expect, it } from 'vitest';
import { toObjectKey, type ObjectRef } from '../../../../src/model/object-ref.ts';
import type { Change } from '../../../../src/model/snapshot.ts';
import type { ShrinkGuardSettings } from '../../../../src/settings/settings.ts';
import { ShrinkGuard } from '../../../../src/source/shrink/shrink-guard.ts';
import { narrowOne } from '../../kinds/support.ts';

const standard: ShrinkGuardSettings = { mode: 'hold', share: 0.5, minimum: 50, forMs: 30_000, rules: [] };

/** A guard before a store in which each Service has one route. */
class Fixture {
  readonly store = new Map<string, ObjectRef>();
  readonly guard: ShrinkGuard;
  now = 1_000_000;
  whole = true;

  constructor(settings: Partial<ShrinkGuardSettings> = {}, fleets: readonly string[] = ['default']) {
    const counts = (routes: number): ReadonlyMap<string, number> =>
      new Map(routes === 0 ? [] : fleets.map((fleet) => [fleet, routes]));
    this.guard = new ShrinkGuard({
      sources: ['test', 'other'],
      settings: { ...standard, ...settings },
      isWhole: () => this.whole,
      served: {
        of: (ref) => counts(ref.kind === 'Service' && this.store.has(toObjectKey(ref)) ? 1 : 0),
        ofSource: (source) =>
          counts(
            [...this.store.values()].filter((ref) => ref.source === source && ref.kind === 'Service').length,
          ),
      },
    });
  }

  /** What the store has then. */
  pass(...changes: readonly Change[]): readonly string[] {
    const passed = this.guard.pass(changes, this.now);
    for (const change of passed) {
      const ref = change.kind === 'set' ? change.object.meta.ref : change.ref;
      if (change.kind === 'set') this.store.set(toObjectKey(ref), ref);
      else this.store.delete(toObjectKey(ref));
    }
    return passed.map((change) => `${change.kind} ${name(change)}`);
  }

  count(namespace: string): number {
    return [...this.store.values()].filter((ref) => ref.namespace === namespace).length;
  }

  fill(namespace: string, count: number): this {
    this.pass(...names(count).map((each) => set(each, namespace)));
    return this;
  }
}

function name(change: Change): string {
  const { namespace, name: own } = change.kind === 'set' ? change.object.meta.ref : change.ref;
  return `${namespace}/${own}`;
}

type Kind = 'ConfigMap' | 'Service';

function set(own: string, namespace: string, kind: Kind = 'Service'): Change {
  const raw = { apiVersion: 'v1', kind, metadata: { name: own, namespace } };
  return { kind: 'set', object: narrowOne(kind, raw).object };
}

function remove(own: string, namespace: string, kind: Kind = 'Service'): Change {
  const ref: ObjectRef = { source: 'test', kind, namespace, name: own };
  return { kind: 'delete', ref };
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `s${index}`);
const removeAll = (namespace: string, count: number): readonly Change[] =>
  names(count).map((each) => remove(each, namespace));

describe('a loss within reason', () => {
  it('of half, of few, and before all was known, goes as it is', () => {
    const half = new Fixture().fill('a', 50);
    expect(half.pass(...removeAll('a', 25))).toHaveLength(25);
    const few = new Fixture().fill('a', 49);
    expect(few.pass(...removeAll('a', 49))).toHaveLength(49);
    const early = new Fixture().fill('a', 60);
    early.whole = false;
    expect(early.pass(...removeAll('a', 60))).toHaveLength(60);
  });

  it('one by one, with time between, is no loss at all', () => {
    const fixture = new Fixture().fill('a', 100);
    for (const change of removeAll('a', 100)) {
      fixture.now += 1_000;
      fixture.pass(change);
    }
    expect(fixture.count('a')).toBe(0);
    expect(fixture.guard.rows).toEqual([]);
  });

  it('of objects without routes is none', () => {
    const fixture = new Fixture().fill('a', 100);
    fixture.pass(...names(100).map((each) => set(each, 'a', 'ConfigMap')));
    expect(fixture.pass(...names(100).map((each) => remove(each, 'a', 'ConfigMap')))).toHaveLength(100);
  });
});

describe('a loss beyond reason', () => {
  it('is held with all that went along, and said, until the time is up', () => {
    const fixture = new Fixture().fill('a', 60);
    fixture.pass(set('map', 'a', 'ConfigMap'));
    expect(fixture.pass(...removeAll('a', 31), remove('map', 'a', 'ConfigMap'))).toEqual([]);
    expect(fixture.guard.rows).toEqual([
      {
        source: 'test',
        mode: 'hold',
        since: new Date(fixture.now).toISOString(),
        until: new Date(fixture.now + 30_000).toISOString(),
        fleets: [{ fleet: 'default', lost: 31, known: 60 }],
        namespaces: 1,
        example: 'Service/a/s0',
      },
    ]);
    expect(fixture.guard.problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'source-shrunk',
        expect.stringMatching(
          /lost 31 of 60 routes of fleet default at once, in one namespace, such as Service\/a\/s0; they are served until /,
        ),
      ],
    ]);
    expect(fixture.guard.endsAt).toBe(fixture.now + 30_000);
    fixture.now += 29_999;
    expect(fixture.pass()).toEqual([]);
    fixture.now += 1;
    expect(fixture.pass()).toHaveLength(32);
    expect(fixture.guard.rows).toEqual([]);
  });

  it('in small steps within the time of one, is one', () => {
    const fixture = new Fixture().fill('a', 100);
    for (const change of removeAll('a', 100)) {
      fixture.now += 50;
      fixture.pass(change);
    }
    expect(fixture.count('a')).toBe(50);
    expect(fixture.guard.rows).toHaveLength(1);
  });

  it('is only said in mode warn, and not once more for each that follows', () => {
    const fixture = new Fixture({ mode: 'warn' }).fill('a', 100);
    expect(fixture.pass(...removeAll('a', 60))).toHaveLength(60);
    expect(fixture.pass(remove('s61', 'a'))).toHaveLength(1);
    expect(fixture.guard.rows.map(({ mode, fleets }) => [mode, fleets[0]?.lost])).toEqual([['warn', 60]]);
    expect(fixture.guard.problems[0]?.message).toContain('they are not served any more');
    fixture.now += 30_000;
    fixture.pass();
    expect(fixture.guard.rows).toEqual([]);
  });

  it('is nothing in mode off, and rules say so for single fleets and sources', () => {
    const off = new Fixture({ mode: 'off' }).fill('a', 100);
    expect(off.pass(...removeAll('a', 100))).toHaveLength(100);
    const rule = { fleet: 'lab', mode: 'off' } as const;
    const lab = new Fixture({ rules: [rule] }, ['lab']).fill('a', 100);
    expect(lab.pass(...removeAll('a', 100))).toHaveLength(100);
    const both = new Fixture({ rules: [rule] }, ['lab', 'default']).fill('a', 100);
    expect(both.pass(...removeAll('a', 100))).toEqual([]);
    expect(both.guard.rows[0]?.fleets.map(({ fleet }) => fleet)).toEqual(['default']);
    const other = new Fixture({ rules: [{ source: 'other', mode: 'off' }] }).fill('a', 100);
    expect(other.pass(...removeAll('a', 100))).toEqual([]);
  });

  it('ends when enough is back, with what is still gone, and what changes meanwhile is passed on', () => {
    const fixture = new Fixture().fill('a', 60);
    fixture.pass(...removeAll('a', 60));
    expect(fixture.pass(set('new', 'a'))).toEqual(['set a/new']);
    expect(fixture.pass(...names(20).map((each) => set(each, 'a')))).toHaveLength(20);
    expect(fixture.guard.rows).toHaveLength(1);
    const last = fixture.pass(...names(59).map((each) => set(each, 'a')));
    expect(last.filter((text) => text.startsWith('delete'))).toEqual(['delete a/s59']);
    expect(fixture.guard.rows).toEqual([]);
  });

  it('goes on being held while objects of others come', () => {
    const fixture = new Fixture().fill('a', 60);
    fixture.pass(...removeAll('a', 60));
    fixture.fill('b', 200);
    expect(fixture.guard.rows).toHaveLength(1);
  });

  it('ends when it is confirmed, that of one source only', () => {
    const fixture = new Fixture().fill('a', 60);
    fixture.pass(...removeAll('a', 60));
    expect(fixture.guard.confirm('other')).toEqual([]);
    expect(fixture.pass()).toEqual([]);
    expect(fixture.guard.confirm()).toEqual(['test']);
    expect(fixture.pass()).toHaveLength(60);
    expect(fixture.guard.rows).toEqual([]);
  });
});

describe('one tenant and the others', () => {
  it('whoever deletes most of all routes has his own held, and nobody else waits', () => {
    const fixture = new Fixture().fill('big', 90).fill('small', 10).fill('tiny', 1);
    const passed = fixture.pass(...removeAll('big', 90), ...removeAll('tiny', 1));
    expect(passed).toEqual(['delete tiny/s0']);
    fixture.now += 100;
    expect(fixture.pass(...removeAll('small', 10))).toHaveLength(10);
    expect(fixture.count('big')).toBe(90);
  });

  it('what he deletes later, when the first loss is over, is judged by itself', () => {
    const fixture = new Fixture().fill('big', 90).fill('small', 10);
    fixture.pass(...removeAll('big', 90));
    fixture.now += 10_000;
    expect(fixture.pass(remove('map', 'big', 'ConfigMap'))).toEqual(['delete big/map']);
  });

  it('where no single namespace explains it, all that went at once is held together', () => {
    const fixture = new Fixture();
    for (const namespace of ['n1', 'n2', 'n3', 'n4', 'n5']) fixture.fill(namespace, 20);
    const all = ['n1', 'n2', 'n3', 'n4'].flatMap((namespace) => removeAll(namespace, 20));
    expect(fixture.pass(...all, remove('s0', 'n5'))).toEqual([]);
    expect(fixture.guard.rows[0]).toMatchObject({ namespaces: 5, fleets: [{ lost: 81 }] });
    // Later deletions of others are none of it.
    fixture.now += 20_000;
    expect(fixture.pass(remove('s1', 'n5'))).toEqual(['delete n5/s1']);
  });

  it('the rows do not grow with what goes wrong again and again', () => {
    const fixture = new Fixture({ mode: 'warn', forMs: 3_600_000 });
    for (let round = 0; round < 50; round++) {
      fixture.fill('a', 100);
      fixture.pass(...removeAll('a', 100));
      fixture.now += 20_000;
    }
    expect(fixture.guard.rows).toHaveLength(1);
  });
});
