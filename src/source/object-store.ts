import {
  bySeniority,
  compareText,
  toObjectKey,
  type Kind,
  type ObjectKey,
  type ObjectRef,
} from '../model/object-ref.ts';
import type {
  EndpointGroup,
  Ingress,
  IngressClass,
  ObjectOf,
  ReferenceGrant,
  SourceObject,
} from '../model/objects.ts';
import type { Change } from '../model/snapshot.ts';
import { canariesAt, defaultClassOf, grantsIn, slicesOf } from '../kinds/index-keys.ts';
import { kinds } from '../kinds/index.ts';
import { isOfKind, type IndexKey } from '../kinds/kind.ts';
import { SmallMap } from '../lib/small-map.ts';

/** What a translation may depend on, as one string: an object, an index key of objects, or the ledger's entries of a holder. */
export type Dependency = string;

/** What became of changes. */
export interface Applied {
  readonly touched: ReadonlySet<Dependency>;
  /** Of the object of each, in their order. */
  readonly keys: readonly ObjectKey[];
}

/** From so many objects on a list is kept sorted. */
const longList = 16;

/**
 * The objects of all sources. The objects themselves never change; which ones there are changes only in `apply`, between
 * two rebuilds, so that a rebuild sees one state.
 */
export class ObjectStore {
  readonly #objects = new Map<ObjectKey, SourceObject>();
  readonly #index = new Map<IndexKey, SmallMap<ObjectKey, SourceObject>>();
  readonly #counts = new Map<string, number>();
  /** Long lists of the index, the eldest first, until they change: whoever has a thousand objects that look at each other sorts them once. */
  readonly #eldest = new Map<IndexKey, EldestFirst>();
  readonly #grants = new Map<IndexKey, readonly ReferenceGrant[]>();

  /** Takes over changes. Returns what they touch, and the key of the object of each: whoever keeps one should keep this very text. */
  apply(changes: readonly Change[]): Applied {
    const touched = new Set<Dependency>();
    const keys = changes.map((change) => {
      const key = toObjectKey(change.kind === 'set' ? change.object.meta.ref : change.ref);
      this.#remove(key, touched);
      if (change.kind === 'set') this.#put(key, change.object, touched);
      touched.add(key);
      return key;
    });
    return { touched, keys };
  }

  get(key: ObjectKey): SourceObject | undefined {
    return this.#objects.get(key);
  }

  /** An object by its name; `namespace` is empty for a kind that has none. */
  find<K extends Kind>(kind: K, source: string, namespace: string, name: string): ObjectOf<K> | undefined {
    const found = this.#objects.get(toObjectKey({ source, kind, namespace, name }));
    return isOfKind(found, kind) ? found : undefined;
  }

  /** The objects that have an index key, in the order of kind and name. */
  findAll(key: IndexKey): readonly SourceObject[] {
    return [...(this.#index.get(key)?.values() ?? [])].sort(
      ({ meta: { ref: a } }, { meta: { ref: b } }) =>
        compareText(a.kind, b.kind) || compareText(a.name, b.name),
    );
  }

  /** Of several the newest, as Kubernetes fills it in: plugin/pkg/admission/network/defaultingressclass of Kubernetes. */
  defaultIngressClass(source: string): IngressClass | undefined {
    return this.findAll(defaultClassOf(source))
      .filter((object) => object.kind === 'IngressClass')
      .toSorted((a, b) => compareText(b.meta.created ?? '', a.meta.created ?? ''))[0];
  }

  /**
   * The endpoints of a Service that count. Without a selector those are all: a cluster copies an Endpoints object into slices,
   * beside those that there are. With one, the controllers make both of the same pods, and traffic goes by the slices.
   */
  slicesOf(service: ObjectRef): readonly EndpointGroup[] {
    const objects = this.findAll(slicesOf(service));
    const slices = objects.filter((object) => object.kind === 'EndpointSlice');
    const groups = objects.flatMap((object) => (object.kind === 'Endpoints' ? object.groups : []));
    const { source, namespace, name } = service;
    const isMirrored = this.find('Service', source, namespace, name)?.hasSelector !== true;
    return isMirrored || slices.length === 0 ? [...slices, ...groups] : slices;
  }

  /** The objects of some kinds that have an index key, the eldest first. */
  findEldest<const K extends Kind>(key: IndexKey, ...among: readonly K[]): readonly ObjectOf<K>[] {
    const list = this.#listEldest(key);
    return isOnlyOf(list, among) ? list.objects : list.objects.filter((object) => isOfKinds(object, among));
  }

  #listEldest(key: IndexKey): EldestFirst {
    const known = this.#eldest.get(key);
    if (known !== undefined) return known;
    const objects = [...(this.#index.get(key)?.values() ?? [])].sort((a, b) => bySeniority(a.meta, b.meta));
    const list = { objects, kinds: new Set(objects.map(({ kind }) => kind)) };
    if (objects.length >= longList) this.#eldest.set(key, list);
    return list;
  }

  /** The canary Ingresses of a namespace that have a host, the eldest first. */
  canariesAt(source: string, namespace: string, host: string): readonly Ingress[] {
    return this.findEldest(canariesAt(source, namespace, host), 'Ingress');
  }

  /** The same list until one of them changes. */
  grantsIn(source: string, namespace: string): readonly ReferenceGrant[] {
    const key = grantsIn(source, namespace);
    const known = this.#grants.get(key);
    if (known !== undefined) return known;
    const grants = this.findAll(key).filter((object) => object.kind === 'ReferenceGrant');
    if (grants.length > 0) this.#grants.set(key, grants);
    return grants;
  }

  /** How many objects a source has. */
  count(source: string): number {
    return this.#counts.get(source) ?? 0;
  }

  *values(): IterableIterator<SourceObject> {
    yield* this.#objects.values();
  }

  #put(key: ObjectKey, object: SourceObject, touched: Set<Dependency>): void {
    this.#objects.set(key, object);
    this.#counts.set(object.meta.ref.source, this.count(object.meta.ref.source) + 1);
    for (const indexKey of kinds[object.kind].toIndexKeys(object)) {
      const siblings = this.#index.get(indexKey) ?? new SmallMap<ObjectKey, SourceObject>();
      this.#index.set(indexKey, siblings.set(key, object));
      this.#forget(indexKey);
      touched.add(indexKey);
    }
  }

  #forget(indexKey: IndexKey): void {
    this.#eldest.delete(indexKey);
    this.#grants.delete(indexKey);
  }

  #remove(key: ObjectKey, touched: Set<Dependency>): void {
    const former = this.#objects.get(key);
    if (former === undefined) return;
    this.#objects.delete(key);
    this.#counts.set(former.meta.ref.source, this.count(former.meta.ref.source) - 1);
    for (const indexKey of kinds[former.kind].toIndexKeys(former)) {
      const siblings = this.#index.get(indexKey);
      siblings?.delete(key);
      this.#forget(indexKey);
      if (siblings?.size === 0) this.#index.delete(indexKey);
      touched.add(indexKey);
    }
  }
}

/** Objects that have an index key, and which kinds of objects these are. */
interface EldestFirst<K extends Kind = Kind> {
  readonly objects: readonly ObjectOf<K>[];
  readonly kinds: ReadonlySet<Kind>;
}

function isOnlyOf<K extends Kind>(list: EldestFirst, among: readonly K[]): list is EldestFirst<K> {
  return [...list.kinds].every((kind) => among.some((each) => each === kind));
}

function isOfKinds<K extends Kind>(object: SourceObject, among: readonly K[]): object is ObjectOf<K> {
  return among.some((kind) => object.kind === kind);
}
