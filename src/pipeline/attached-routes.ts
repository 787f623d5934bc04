import type { ObjectKey } from '../model/object-ref.ts';
import { toParentOf, type ListenerKey, type StatusFacts } from '../routes/status.ts';

const noListeners: ReadonlySet<ListenerKey> = new Set();
const noParents: ReadonlySet<ObjectKey> = new Set();

/** How many routes each listener of the Gateway API has accepted, kept up to date route by route. */
export class AttachedRoutes {
  readonly #counts = new Map<ListenerKey, number>();
  readonly #listenersOf = new Map<ObjectKey, ReadonlySet<ListenerKey>>();

  /** Puts what a route is attached to in place of what it was; returns the Gateways and ListenerSets with more or fewer routes now. */
  replace(unit: ObjectKey, status: StatusFacts | undefined): ReadonlySet<ObjectKey> {
    const former = this.#listenersOf.get(unit) ?? noListeners;
    // Most objects are no routes.
    if (status?.of !== 'Route' && former.size === 0) return noParents;
    const parents = status?.of === 'Route' ? status.parents : [];
    const next = new Set(parents.flatMap(({ attached }) => attached));
    const changed = new Set<ObjectKey>();
    const count = (listener: ListenerKey, by: 1 | -1): void => {
      const number = this.of(listener) + by;
      if (number > 0) this.#counts.set(listener, number);
      else this.#counts.delete(listener);
      changed.add(toParentOf(listener));
    };
    for (const listener of former) if (!next.has(listener)) count(listener, -1);
    for (const listener of next) if (!former.has(listener)) count(listener, 1);
    if (next.size > 0) this.#listenersOf.set(unit, next);
    else this.#listenersOf.delete(unit);
    return changed;
  }

  of(listener: ListenerKey): number {
    return this.#counts.get(listener) ?? 0;
  }
}
