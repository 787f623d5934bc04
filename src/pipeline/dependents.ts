import type { ObjectKey } from '../model/object-ref.ts';
import type { Dependency } from '../source/object-store.ts';

/** Several that looked one thing up. Whoever comes to them takes the text of it from here. */
interface Crowd {
  readonly dependency: Dependency;
  readonly units: Set<ObjectKey>;
}

/** Who looked what up: what was worked out for an object is worked out again when something that it looked up changes. */
export class Dependents {
  readonly #seenBy = new Map<ObjectKey, readonly Dependency[]>();
  /** Nearly all have one dependent, which then stands here by itself: tens of thousands of sets of one would be megabytes. */
  readonly #dependents = new Map<Dependency, ObjectKey | Crowd>();

  /** The objects for which any of these was looked up. */
  of(touched: Iterable<Dependency>): Set<ObjectKey> {
    const units = new Set<ObjectKey>();
    for (const dependency of touched) {
      const dependents = this.#dependents.get(dependency);
      if (typeof dependents === 'string') units.add(dependents);
      else for (const unit of dependents?.units ?? []) units.add(unit);
    }
    return units;
  }

  /** Puts what was looked up for an object in place of what was before. */
  replace(unit: ObjectKey, seen: ReadonlySet<Dependency>): void {
    this.forget(unit);
    this.#seenBy.set(
      unit,
      [...seen].map((dependency) => this.#add(dependency, unit)),
    );
  }

  /** Returns the text of the dependency that is to be kept. */
  #add(dependency: Dependency, unit: ObjectKey): Dependency {
    const dependents = this.#dependents.get(dependency);
    if (dependents === undefined) {
      this.#dependents.set(dependency, unit);
      return dependency;
    }
    if (typeof dependents !== 'string') {
      dependents.units.add(unit);
      return dependents.dependency;
    }
    this.#dependents.set(dependency, { dependency, units: new Set([dependents, unit]) });
    return dependency;
  }

  forget(unit: ObjectKey): void {
    for (const dependency of this.#seenBy.get(unit) ?? []) {
      const dependents = this.#dependents.get(dependency);
      if (dependents === undefined) continue;
      if (typeof dependents !== 'string') dependents.units.delete(unit);
      if (dependents === unit || (typeof dependents !== 'string' && dependents.units.size === 0))
        this.#dependents.delete(dependency);
    }
    this.#seenBy.delete(unit);
  }
}
