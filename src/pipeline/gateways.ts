import { toObjectKey, type ObjectKey, type ObjectRef } from '../model/object-ref.ts';
import type { Change, View } from '../model/snapshot.ts';
import type { Dependency, ObjectStore } from '../source/object-store.ts';
import { noParents, type TranslateContext } from '../translate/context.ts';
import { resolveGateway } from '../translate/gateway/resolve-gateway.ts';
import type { ResolvedParent } from '../translate/gateway/resolved.ts';
import { Dependents } from './dependents.ts';
import { listenersOf } from './tracking-view.ts';

type Look = (seen: Set<Dependency>) => View;

/**
 * The Gateways with their ListenerSets, worked out before the routes: thousands of them attach themselves to the listeners of one
 * Gateway, and look at these again only when what became of them is something else.
 */
export class Gateways {
  readonly #context: TranslateContext;
  readonly #dependents = new Dependents();
  /** What each Gateway was resolved to: itself and its ListenerSets. */
  readonly #resolved = new Map<ObjectKey, readonly ResolvedParent[]>();
  readonly #parents = new Map<ObjectKey, ResolvedParent>();

  constructor(context: TranslateContext) {
    this.#context = context;
  }

  /** A Gateway of ours, or a ListenerSet of one. */
  find(ref: ObjectRef): ResolvedParent | undefined {
    return this.#parents.get(toObjectKey(ref));
  }

  /** Takes over what has changed in the store, and what that touches. Returns what of Gateways and ListenerSets has changed. */
  update(
    store: ObjectStore,
    changes: readonly Change[],
    touched: ReadonlySet<Dependency>,
    look: Look,
  ): readonly Dependency[] {
    const gateways = this.#dependents.of(touched);
    // One that has just come depends on nothing yet.
    for (const change of changes)
      if (change.kind === 'set' && change.object.kind === 'Gateway')
        gateways.add(toObjectKey(change.object.meta.ref));
    if (gateways.size === 0) return [];
    const former = new Map<ObjectKey, ResolvedParent>();
    const next = new Map<ObjectKey, ResolvedParent>();
    for (const gateway of gateways) {
      for (const parent of this.#resolved.get(gateway) ?? [])
        former.set(toObjectKey(parent.holder.ref), parent);
      for (const parent of this.#resolve(gateway, store, look))
        next.set(toObjectKey(parent.holder.ref), parent);
    }
    for (const key of former.keys()) if (!next.has(key)) this.#parents.delete(key);
    const changed: Dependency[] = [];
    for (const key of new Set([...former.keys(), ...next.keys()])) {
      const [before, after] = [former.get(key), next.get(key)];
      // The very object as before, where nothing has changed: what was made of it is still true.
      if (isSame(before, after)) continue;
      if (after !== undefined) this.#parents.set(key, after);
      changed.push(listenersOf(key));
    }
    return changed;
  }

  #resolve(key: ObjectKey, store: ObjectStore, look: Look): readonly ResolvedParent[] {
    const gateway = store.get(key);
    this.#resolved.delete(key);
    if (gateway?.kind !== 'Gateway') {
      this.#dependents.forget(key);
      return [];
    }
    const seen = new Set<Dependency>([key]);
    const parents = resolveGateway({ ...this.#context, view: look(seen), parent: noParents }, gateway);
    this.#dependents.replace(key, seen);
    if (parents.length > 0) this.#resolved.set(key, parents);
    return parents;
  }
}

function isSame(a: ResolvedParent | undefined, b: ResolvedParent | undefined): boolean {
  return toText(a) === toText(b);
}

/** Without the authorities of client certificates, which are long, at each listener, and other ones where the key of their options is. */
function toText(parent: ResolvedParent | undefined): string | undefined {
  return parent && JSON.stringify(parent, (key, value: unknown) => (key === 'caFiles' ? [] : value));
}
