import type { ObjectKey, ObjectRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import type { AskedAnnotation } from '../annotations/parts.ts';
import { describeWithoutEffect } from '../annotations/without-effect.ts';
import type { AnnotationUse } from '../routes/why.ts';
import { UnitLists } from './unit-lists.ts';

/**
 * What the annotations of all objects ask for, against what routes, ports and backends carry of it: the rest has no effect, and is a
 * problem of its object. Kept up to date object by object; a Service hears of what the Ingresses before it do.
 */
export class AnnotationEffects {
  readonly #refOf: (object: ObjectKey) => ObjectRef | undefined;
  /** Of the objects with annotations that ask for something. */
  readonly #asked = new UnitLists<AskedAnnotation>();
  /** The parts that each object carries, by whose they are: both may be thousands, and each is looked up once. */
  readonly #uses = new Map<ObjectKey, ReadonlyMap<ObjectKey, ReadonlySet<string>>>();
  /** The other objects that carry something of an object's annotations. */
  readonly #carriers = new Map<ObjectKey, Set<ObjectKey>>();
  readonly #problems = new UnitLists<Problem>();

  constructor(refOf: (object: ObjectKey) => ObjectRef | undefined) {
    this.#refOf = refOf;
  }

  /**
   * Puts what an object asks for, and what it carries, in place of what it did before. Returns the objects to be judged again: itself,
   * and those of which it carries something, or did.
   */
  replace(
    unit: ObjectKey,
    asked: readonly AskedAnnotation[],
    uses: readonly AnnotationUse[],
  ): ReadonlySet<ObjectKey> {
    const touched = new Set<ObjectKey>([unit]);
    this.#asked.set(unit, asked);
    for (const object of this.#uses.get(unit)?.keys() ?? []) {
      if (object === unit) continue;
      this.#removeCarrier(object, unit);
      touched.add(object);
    }
    const parts = groupParts(uses);
    for (const object of parts.keys()) {
      if (object === unit) continue;
      this.#addCarrier(object, unit);
      touched.add(object);
    }
    if (parts.size > 0) this.#uses.set(unit, parts);
    else this.#uses.delete(unit);
    return touched;
  }

  /** Judges an object again. Returns whether its problems changed. */
  judge(object: ObjectKey): boolean {
    return this.#problems.replace(object, this.#findProblems(object));
  }

  problemsOf(object: ObjectKey): readonly Problem[] {
    return this.#problems.of(object);
  }

  problems(): readonly Problem[] {
    return this.#problems.all();
  }

  #findProblems(object: ObjectKey): readonly Problem[] {
    const ref = this.#refOf(object);
    if (ref === undefined) return [];
    const isCarried = (part: string): boolean => this.#isCarried(object, part);
    return this.#asked.of(object).flatMap((each) => describeWithoutEffect(ref, each, isCarried) ?? []);
  }

  /** Ends at the first that carries it: a Service may have thousands of Ingresses before it. */
  #isCarried(object: ObjectKey, part: string): boolean {
    if (this.#carries(object, object, part)) return true;
    for (const carrier of this.#carriers.get(object) ?? [])
      if (this.#carries(carrier, object, part)) return true;
    return false;
  }

  #carries(carrier: ObjectKey, object: ObjectKey, part: string): boolean {
    return this.#uses.get(carrier)?.get(object)?.has(part) === true;
  }

  #addCarrier(object: ObjectKey, carrier: ObjectKey): void {
    const carriers = this.#carriers.get(object);
    if (carriers === undefined) this.#carriers.set(object, new Set([carrier]));
    else carriers.add(carrier);
  }

  #removeCarrier(object: ObjectKey, carrier: ObjectKey): void {
    const carriers = this.#carriers.get(object);
    carriers?.delete(carrier);
    if (carriers?.size === 0) this.#carriers.delete(object);
  }
}

function groupParts(uses: readonly AnnotationUse[]): ReadonlyMap<ObjectKey, ReadonlySet<string>> {
  const parts = new Map<ObjectKey, Set<string>>();
  for (const { object, part } of uses) {
    const known = parts.get(object);
    if (known === undefined) parts.set(object, new Set([part]));
    else known.add(part);
  }
  return parts;
}
