import type { ObjectKey, ObjectRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import type { AskedAnnotation } from '../annotations/parts.ts';
import { describeWithoutEffect } from '../annotations/without-effect.ts';
import type { AnnotationUse } from '../routes/why.ts';

/**
 * What the annotations of all objects ask for, against what routes, ports and backends carry of it: the rest has no effect, and is a
 * problem of its object. Kept up to date object by object; a Service hears of what the Ingresses before it do.
 */
export class AnnotationEffects {
  readonly #refOf: (object: ObjectKey) => ObjectRef | undefined;
  /** Of the objects with annotations that ask for something. */
  readonly #asked = new Map<ObjectKey, readonly AskedAnnotation[]>();
  /** What each object carries, of whomever. */
  readonly #uses = new Map<ObjectKey, readonly AnnotationUse[]>();
  /** How many carry each part of an object's annotations. */
  readonly #counts = new Map<ObjectKey, Map<string, number>>();
  readonly #problems = new Map<ObjectKey, readonly Problem[]>();

  constructor(refOf: (object: ObjectKey) => ObjectRef | undefined) {
    this.#refOf = refOf;
  }

  /**
   * Puts what an object asks for, and what it carries, in place of what it did before. Returns the objects to be judged again: itself,
   * and those of which it carries more or less.
   */
  replace(
    unit: ObjectKey,
    asked: readonly AskedAnnotation[],
    uses: readonly AnnotationUse[],
  ): ReadonlySet<ObjectKey> {
    const touched = new Set<ObjectKey>([unit]);
    if (asked.length > 0) this.#asked.set(unit, asked);
    else this.#asked.delete(unit);
    for (const use of this.#uses.get(unit) ?? []) this.#count(use, -1, touched);
    for (const use of uses) this.#count(use, 1, touched);
    if (uses.length > 0) this.#uses.set(unit, uses);
    else this.#uses.delete(unit);
    return touched;
  }

  /** Judges an object again. Returns whether its problems changed. */
  judge(object: ObjectKey): boolean {
    const ref = this.#refOf(object);
    const carried = this.#counts.get(object);
    const isCarried = (part: string): boolean => (carried?.get(part) ?? 0) > 0;
    const asked = ref === undefined ? [] : (this.#asked.get(object) ?? []);
    const problems = asked.flatMap((each) => (ref && describeWithoutEffect(ref, each, isCarried)) ?? []);
    const former = this.#problems.get(object) ?? [];
    if (problems.length > 0) this.#problems.set(object, problems);
    else this.#problems.delete(object);
    return JSON.stringify(former) !== JSON.stringify(problems);
  }

  problemsOf(object: ObjectKey): readonly Problem[] {
    return this.#problems.get(object) ?? [];
  }

  problems(): readonly Problem[] {
    return [...this.#problems.values()].flat();
  }

  #count({ object, part }: AnnotationUse, by: 1 | -1, touched: Set<ObjectKey>): void {
    let counts = this.#counts.get(object);
    if (counts === undefined) this.#counts.set(object, (counts = new Map()));
    const count = (counts.get(part) ?? 0) + by;
    if (count > 0) counts.set(part, count);
    else counts.delete(part);
    if (counts.size === 0) this.#counts.delete(object);
    touched.add(object);
  }
}
