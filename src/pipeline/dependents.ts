import type { ObjectKey } from '../model/object-ref.ts';
import type { Dependency } from '../source/object-store.ts';

/** Who looked what up: what was worked out for an object is worked out again when something that it looked up changes. */
export class Dependents {
  readonly #seenBy = new Map<ObjectKey, readonly Dependency[]>();
  /** Nearly all have one dependent, which then stands here by itself: tens of thousands of sets of one would be megabytes. */
  readonly #dependents = new Map<Dependency, ObjectKey | Set<ObjectKey>>();

  /** The objects for which any of these was looked up. */
  of(touched: Iterable<Dependency>): Set<ObjectKey> {
    const units = new Set<ObjectKey>();
    for (const dependency of touched) {
      const dependents = this.#dependents.get(dependency);
      if (typeof dependents === 'string') units.add(dependents);
      else for (const unit of dependents ?? []) units.add(unit);
    }
    return units;
  }

  /** Puts what was looked up for an object in place of what was before. */
  replace(unit: ObjectKey, seen: ReadonlySet<Dependency>): void {
    this.forget(unit);
    this.#seenBy.set(unit, [...seen]);
    for (const dependency of seen) {
      const units = this.#dependents.get(dependency);
      if (units === undefined) this.#dependents.set(dependency, unit);
      else if (typeof units === 'string') this.#dependents.set(dependency, new Set([units, unit]));
      else units.add(unit);
    }
  }

  forget(unit: ObjectKey): void {
    for (const dependency of this.#seenBy.get(unit) ?? []) {
      const units = this.#dependents.get(dependency);
      if (units === undefined) continue;
      if (typeof units !== 'string') units.delete(unit);
      if (units === unit || (typeof units !== 'string' && units.size === 0))
        this.#dependents.delete(dependency);
    }
    this.#seenBy.delete(unit);
  }
}
