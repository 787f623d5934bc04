import { compareText, toObjectKey, type Kind, type ObjectKey, type ObjectRef } from '../model/object-ref.ts';
import type { EndpointSlice, IngressClass, Secret, Service, SourceObject } from '../model/objects.ts';
import type { Change } from '../model/snapshot.ts';

/** What a translation may depend on, as one string: an object, the slices of a Service, or the ledger's entries of a holder. */
export type Dependency = string;

export function slicesOf(service: ObjectRef): Dependency {
  return `slices of ${toObjectKey(service)}`;
}

/**
 * The objects of all sources. The objects themselves never change; which ones there are changes only in `apply`, between
 * two rebuilds, so that a rebuild sees one state.
 */
export class ObjectStore {
  readonly #objects = new Map<ObjectKey, SourceObject>();
  readonly #slices = new Map<Dependency, Map<ObjectKey, EndpointSlice>>();
  readonly #counts = new Map<string, number>();

  /** Takes over changes, and returns what they touch. */
  apply(changes: readonly Change[]): ReadonlySet<Dependency> {
    const touched = new Set<Dependency>();
    for (const change of changes) {
      const ref = change.kind === 'set' ? change.object.meta.ref : change.ref;
      const key = toObjectKey(ref);
      this.#remove(key, touched);
      if (change.kind === 'set') this.#put(key, change.object, touched);
      touched.add(key);
    }
    return touched;
  }

  get(key: ObjectKey): SourceObject | undefined {
    return this.#objects.get(key);
  }

  service(source: string, namespace: string, name: string): Service | undefined {
    const found = this.#find(source, 'Service', namespace, name);
    return found?.kind === 'Service' ? found : undefined;
  }

  secret(source: string, namespace: string, name: string): Secret | undefined {
    const found = this.#find(source, 'Secret', namespace, name);
    return found?.kind === 'Secret' ? found : undefined;
  }

  ingressClass(source: string, name: string): IngressClass | undefined {
    const found = this.#find(source, 'IngressClass', '', name);
    return found?.kind === 'IngressClass' ? found : undefined;
  }

  slicesOf(service: ObjectRef): readonly EndpointSlice[] {
    const slices = [...(this.#slices.get(slicesOf(service))?.values() ?? [])];
    // A cluster mirrors an Endpoints object into slices: with both at hand the slices are the newer truth.
    const modern = slices.filter((slice) => !slice.legacy);
    return (modern.length > 0 ? modern : slices).sort((a, b) =>
      compareText(a.meta.ref.name, b.meta.ref.name),
    );
  }

  /** How many objects a source has. */
  count(source: string): number {
    return this.#counts.get(source) ?? 0;
  }

  *values(): IterableIterator<SourceObject> {
    yield* this.#objects.values();
  }

  #find(source: string, kind: Kind, namespace: string, name: string): SourceObject | undefined {
    return this.#objects.get(toObjectKey({ source, kind, namespace, name }));
  }

  #put(key: ObjectKey, object: SourceObject, touched: Set<Dependency>): void {
    this.#objects.set(key, object);
    this.#counts.set(object.meta.ref.source, this.count(object.meta.ref.source) + 1);
    if (object.kind !== 'EndpointSlice') return;
    const dependency = slicesOf(toServiceRef(object));
    const siblings = this.#slices.get(dependency) ?? new Map<ObjectKey, EndpointSlice>();
    this.#slices.set(dependency, siblings.set(key, object));
    touched.add(dependency);
  }

  #remove(key: ObjectKey, touched: Set<Dependency>): void {
    const former = this.#objects.get(key);
    if (former === undefined) return;
    this.#objects.delete(key);
    this.#counts.set(former.meta.ref.source, this.count(former.meta.ref.source) - 1);
    if (former.kind !== 'EndpointSlice') return;
    const dependency = slicesOf(toServiceRef(former));
    const siblings = this.#slices.get(dependency);
    siblings?.delete(key);
    if (siblings?.size === 0) this.#slices.delete(dependency);
    touched.add(dependency);
  }
}

function toServiceRef(slice: EndpointSlice): ObjectRef {
  const { source, namespace } = slice.meta.ref;
  return { source, kind: 'Service', namespace, name: slice.service };
}
