import type { ObjectKey } from '../model/object-ref.ts';
import { isSameList } from './is-same-list.ts';

/** What each object has of something; most have nothing. */
export class UnitLists<T> {
  readonly #lists = new Map<ObjectKey, readonly T[]>();

  of(unit: ObjectKey): readonly T[] {
    return this.#lists.get(unit) ?? [];
  }

  /** Puts what an object has in place of what it had. */
  set(unit: ObjectKey, next: readonly T[]): void {
    if (next.length > 0) this.#lists.set(unit, next);
    else this.#lists.delete(unit);
  }

  /** As `set`. Returns whether that is something else. */
  replace(unit: ObjectKey, next: readonly T[]): boolean {
    const former = this.of(unit);
    this.set(unit, next);
    return !isSameList(former, next);
  }

  all(): readonly T[] {
    return [...this.#lists.values()].flat();
  }
}
