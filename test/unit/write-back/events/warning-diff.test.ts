import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toProblem } from '../../../../src/model/problem.ts';
import type { Warning } from '../../../../src/write-back/events/plan-warnings.ts';
import { WarningDiff, type WantedWarning } from '../../../../src/write-back/events/warning-diff.ts';

const subject = { source: 'prod', kind: 'Service', namespace: 'ns', name: 'db' };

function toWarning(message: string): Warning {
  return { first: toProblem('annotation-invalid', subject, { message, hint: '' }), more: 0, uid: 'u' };
}

/** Warnings by key; the Event of one has its words as its name. */
function toWanted(words: Readonly<Record<string, string>>): ReadonlyMap<string, Warning> {
  return new Map(Object.entries(words).map(([key, message]) => [key, toWarning(message)]));
}

function start(there: readonly string[] = [], words: Readonly<Record<string, string>> = {}) {
  const diff = new WarningDiff((warning) => warning.first.message, 3);
  diff.want(toWanted(words));
  diff.compare(new Set(there), true);
  const missing = (): readonly string[] => [...diff.missing].map(({ event }) => event);
  const outdated = (): readonly string[] => [...diff.outdated];
  return {
    diff,
    want: (next: Readonly<Record<string, string>>) => diff.want(toWanted(next)),
    state: () => ({ missing: missing(), outdated: outdated() }),
    begin: (): WantedWarning => {
      const [entry] = diff.missing;
      if (entry === undefined) throw new Error('nothing is missing');
      diff.creating(entry);
      return entry;
    },
  };
}

const settled = { missing: [], outdated: [] };

describe('for lack of a right', () => {
  it('what may not be created is still missing', () => {
    const { diff, state, begin } = start([], { a: 'one' });
    diff.creationDenied(begin());
    expect(state()).toEqual({ missing: ['one'], outdated: [] });
  });

  it('what may not be created, and is not wanted any more, is not there to be deleted', () => {
    const { diff, want, state, begin } = start([], { a: 'one' });
    const entry = begin();
    want({ a: 'two' });
    expect(state()).toEqual({ missing: ['two'], outdated: ['one'] });
    diff.creationDenied(entry);
    expect(state()).toEqual({ missing: ['two'], outdated: [] });
    want({});
    expect(state()).toEqual(settled);
  });

  it('what may not be deleted is still there, unless it is wanted again', () => {
    const { diff, want, state } = start(['one']);
    diff.deleting('one');
    diff.deletionDenied('one');
    expect(state()).toEqual({ missing: [], outdated: ['one'] });
    diff.deleting('one');
    want({ a: 'one' });
    diff.deletionDenied('one');
    // That it is there already comes out when it is created.
    expect(state()).toEqual({ missing: ['one'], outdated: [] });
  });
});

describe('a new leader', () => {
  it('creates what is missing and deletes what is mended, and leaves the rest as it is', () => {
    const { state } = start(['kept', 'mended'], { a: 'kept', b: 'new' });
    expect(state()).toEqual({ missing: ['new'], outdated: ['mended'] });
  });

  it('names what it wants ahead, to find it among thousands', async () => {
    let named = 0;
    const toEvent = ({ first }: Warning): string => {
      named += 1;
      return first.message;
    };
    const diff = new WarningDiff(toEvent, 3);
    diff.want(
      toWanted(Object.fromEntries(Array.from({ length: 1_000 }, (_each, index) => [`${index}`, `${index}`]))),
    );
    expect(named).toBe(0);
    const turns: number[] = [];
    await diff.prepare((work) => {
      const before = named;
      const result = work();
      turns.push(named - before);
      return Promise.resolve(result);
    });
    expect(turns).toEqual(Array.from({ length: 10 }, () => 100));
    diff.compare(new Set(), true);
    expect(named).toBe(1_000);
  });
});

describe('a change', () => {
  it('of the words replaces the Event, and names the former one', () => {
    const { diff, want, state, begin } = start([], { a: 'one' });
    begin();
    expect(state()).toEqual(settled);
    want({ a: 'two' });
    expect(state()).toEqual({ missing: ['two'], outdated: ['one'] });
    want({ a: 'three' });
    expect(state()).toEqual({ missing: ['three'], outdated: ['one'] });
    expect([...diff.missing][0]?.former).toBe('one');
  });

  it('that is undone before it was written leaves nothing to do', () => {
    const { want, state } = start(['one'], { a: 'one' });
    want({ a: 'two' });
    want({ a: 'one' });
    expect(state()).toEqual(settled);
    want({});
    want({ a: 'one' });
    expect(state()).toEqual(settled);
  });

  it('while its Event is created has that deleted afterwards', () => {
    const { want, state, begin } = start([], { a: 'one' });
    begin();
    want({});
    expect(state()).toEqual({ missing: [], outdated: ['one'] });
  });

  it('back to what is being deleted has it created afterwards', () => {
    const { diff, want, state } = start(['one'], {});
    diff.deleting('one');
    want({ a: 'one' });
    expect(state()).toEqual({ missing: ['one'], outdated: [] });
  });

  it('of nothing asks for nothing, and keeps nothing', () => {
    const { diff, want, state, begin } = start([], { a: 'one' });
    begin();
    want({ a: 'one' });
    expect(state()).toEqual(settled);
    want({});
    diff.deleting('one');
    diff.succeeded('one');
    expect(diff.size).toBe(0);
  });
});

describe('a request', () => {
  it('that is refused is not sent again, and leaves nothing to delete', () => {
    const { diff, want, state, begin } = start([], { a: 'one' });
    diff.notCreated(begin());
    expect(state()).toEqual(settled);
    want({});
    expect(state()).toEqual(settled);
  });

  it('that is refused after the problem was mended leaves nothing to delete', () => {
    const { diff, want, state, begin } = start([], { a: 'one' });
    const entry = begin();
    want({});
    diff.notCreated(entry);
    expect(state()).toEqual(settled);
  });

  it('that failed had an effect or not, as the comparison tells', () => {
    const { diff, state, begin } = start([], { a: 'one' });
    begin();
    diff.failed('one');
    diff.compare(new Set(['one']), true);
    expect(state()).toEqual(settled);
    diff.compare(new Set(), true);
    expect(state()).toEqual({ missing: ['one'], outdated: [] });
  });

  it('that failed while the problem was mended is undone if it had an effect', () => {
    const { diff, want, state, begin } = start([], { a: 'one' });
    begin();
    want({});
    diff.failed('one');
    diff.compare(new Set(['one']), true);
    expect(state()).toEqual({ missing: [], outdated: ['one'] });
    diff.compare(new Set(), true);
    expect(state()).toEqual(settled);
  });

  it('that failed is sent again when nobody may look whether it had an effect', () => {
    const { diff, state, begin } = start(['two'], { a: 'one' });
    begin();
    diff.failed('one');
    diff.deleting('two');
    diff.failed('two');
    diff.compare(new Set(), false);
    expect(state()).toEqual({ missing: ['one'], outdated: ['two'] });
  });

  it.each([
    ['a creation', [], { a: 'one' }],
    ['a deletion', ['one'], {}],
  ])('that fails again and again is given up: %s', (_what, there, words) => {
    const { diff, state } = start(there, words);
    for (let tries = 0; tries < 3; tries += 1) {
      expect(state()).not.toEqual(settled);
      if (there.length > 0) diff.deleting('one');
      else diff.creating([...diff.missing][0] as WantedWarning);
      diff.failed('one');
      diff.compare(new Set(there), true);
    }
    expect(state()).toEqual(settled);
    // What is gone and comes again is worth new tries.
    diff.want(new Map());
    diff.compare(new Set(), true);
    diff.want(toWanted(words));
    diff.compare(new Set(there), true);
    expect(state()).not.toEqual(settled);
  });

  it('that succeeds is forgiven what failed before', () => {
    const { diff, state } = start(['one'], {});
    for (let tries = 0; tries < 10; tries += 1) {
      diff.deleting('one');
      diff.failed('one');
      diff.succeeded('one');
      diff.compare(new Set(['one']), true);
    }
    expect(state().outdated).toEqual(['one']);
  });
});

it('what cannot be listed is taken for what it was', () => {
  const { diff, want, state } = start(['one', 'two'], { a: 'one', b: 'two', c: 'three' });
  want({ a: 'one', c: 'three' });
  diff.compare(new Set(), false);
  expect(state()).toEqual({ missing: ['three'], outdated: ['two'] });
});

/** How a request ends: refused ones have no effect. */
type Outcome = 'done' | 'refused' | 'failed' | 'failed with effect';

/** A cluster that a diff is carried out on, one request after the other. */
class Simulation {
  readonly there: Set<string>;
  readonly diff = new WarningDiff((warning) => warning.first.message, 1_000);
  #isCompared = false;

  constructor(there: readonly string[]) {
    this.there = new Set(there);
  }

  /** Makes the next request; `meanwhile` is called while it is under way. False: there is none to make. */
  step(outcome: Outcome, meanwhile: () => void): boolean {
    if (!this.#isCompared) this.diff.compare(new Set(this.there), true);
    else return this.#delete(outcome, meanwhile) || this.#create(outcome, meanwhile);
    this.#isCompared = true;
    return true;
  }

  #delete(outcome: Outcome, meanwhile: () => void): boolean {
    const [event] = this.diff.outdated;
    if (event === undefined) return false;
    this.diff.deleting(event);
    meanwhile();
    if (hasEffect(outcome)) this.there.delete(event);
    this.#conclude(event, outcome);
    return true;
  }

  #create(outcome: Outcome, meanwhile: () => void): boolean {
    const [entry] = this.diff.missing;
    if (entry === undefined) return false;
    this.diff.creating(entry);
    meanwhile();
    if (hasEffect(outcome)) this.there.add(entry.event);
    if (outcome === 'refused') this.diff.notCreated(entry);
    this.#conclude(entry.event, outcome);
    return true;
  }

  #conclude(event: string, outcome: Outcome): void {
    if (outcome === 'done' || outcome === 'refused') this.diff.succeeded(event);
    else this.diff.failed(event);
    // What is refused is tried again after the next comparison only.
    this.#isCompared = outcome === 'done';
  }
}

function hasEffect(outcome: Outcome): boolean {
  return outcome === 'done' || outcome === 'failed with effect';
}

/** The Event of an object tells which one it is about. */
function toEvents(wanted: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(wanted).map(([key, word]) => key + word);
}

it('whatever happens, exactly what is wanted is there in the end', () => {
  const words = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3'));
  const outcomes: readonly Outcome[] = ['done', 'refused', 'failed', 'failed with effect'];
  const step = fc.record({ outcome: fc.constantFrom(...outcomes), next: fc.option(words) });
  fc.assert(
    fc.property(words, fc.array(step), (first, steps) => {
      const simulation = new Simulation(['a1', 'b2', 'd3']);
      const { diff, there } = simulation;
      let wanted: readonly string[] = [];
      const want = (next: Readonly<Record<string, string>> | null): void => {
        if (next === null) return;
        wanted = toEvents(next);
        diff.want(toWanted(Object.fromEntries(wanted.map((event) => [event.slice(0, 1), event]))));
      };
      want(first);
      for (const { outcome, next } of steps) simulation.step(outcome, () => want(next));
      let requests = 0;
      while (requests < 100 && simulation.step('done', () => undefined)) requests += 1;
      expect([...there].toSorted()).toEqual(wanted.toSorted());
      expect(requests).toBeLessThan(10);
    }),
  );
});
