import { isDeepStrictEqual } from 'node:util';
import {
  compareText,
  toObjectKey,
  toObjectPath,
  type ObjectKey,
  type ObjectRef,
} from '../../model/object-ref.ts';
import type { SourceObject } from '../../model/objects.ts';
import type { Change } from '../../model/snapshot.ts';
import type { ManifestEntry } from './manifest-file.ts';

/** One place that defines an object. */
export interface Claim {
  /** The file, by its path inside the folder. */
  readonly file: string;
  /** Which object of the file, counted from 0. */
  readonly index: number;
  readonly entry: ManifestEntry;
}

interface Delivered {
  readonly object: SourceObject;
  readonly claim: Claim;
}

/** Which object comes from which place, which of several places is used, and what has been delivered. */
export class Catalog {
  readonly #claims = new Map<string, readonly Claim[]>();
  readonly #repeated = new Set<string>();
  /** Files that have just gone: their objects give way to the same objects elsewhere, without a word. */
  readonly #fading = new Set<string>();
  readonly #touched = new Set<string>();
  /** The keys of the objects that were delivered for a manifest. */
  readonly #keys = new Map<string, readonly ObjectKey[]>();
  readonly #delivered = new Map<ObjectKey, Delivered>();

  /** The entries of a file were `before` and are `after`. */
  replace(file: string, before: readonly ManifestEntry[], after: readonly ManifestEntry[]): void {
    for (const origin of new Set(before.map(toOrigin))) {
      this.#setClaims(
        origin,
        (this.#claims.get(origin) ?? []).filter((claim) => claim.file !== file),
      );
    }
    for (const [index, entry] of after.entries()) {
      const origin = toOrigin(entry);
      this.#setClaims(
        origin,
        [...(this.#claims.get(origin) ?? []), { file, index, entry }].toSorted(byPlace),
      );
    }
  }

  /** Marks a file as just gone, or as back. */
  setFading(file: string, fading: boolean, entries: readonly ManifestEntry[]): void {
    if (fading) this.#fading.add(file);
    else this.#fading.delete(file);
    for (const entry of entries) this.#touched.add(toOrigin(entry));
  }

  /** The differences since the last call, by content: deletions first. */
  takeChanges(): readonly Change[] {
    const gone = new Map<ObjectKey, ObjectRef>();
    const wanted = new Map<ObjectKey, Delivered>();
    for (const origin of this.#touched) this.#touchNeighbour(origin);
    for (const origin of this.#touched) {
      for (const key of this.#keys.get(origin) ?? []) {
        const former = this.#delivered.get(key);
        if (former) gone.set(key, former.object.meta.ref);
      }
      const objects = this.#toWanted(origin);
      for (const one of objects) wanted.set(toObjectKey(one.object.meta.ref), one);
      if (objects.length === 0) this.#keys.delete(origin);
      else
        this.#keys.set(
          origin,
          objects.map(({ object }) => toObjectKey(object.meta.ref)),
        );
    }
    this.#touched.clear();
    return this.#toChanges(gone, wanted);
  }

  /** The manifests that stand in several places, with those places; the first one is used. */
  repeated(): readonly (readonly Claim[])[] {
    return [...this.#repeated].flatMap((origin) => {
      const claims = (this.#claims.get(origin) ?? []).filter(({ file }) => !this.#fading.has(file));
      return claims.length > 1 ? [claims] : [];
    });
  }

  /** The place that an object which was delivered comes from. */
  find(ref: ObjectRef): Claim | undefined {
    return this.#delivered.get(toObjectKey(ref))?.claim;
  }

  objects(): readonly SourceObject[] {
    return [...this.#delivered.values()].map(({ object }) => object);
  }

  #setClaims(origin: string, claims: readonly Claim[]): void {
    this.#touched.add(origin);
    if (claims.length === 0) this.#claims.delete(origin);
    else this.#claims.set(origin, claims);
    if (claims.length > 1) this.#repeated.add(origin);
    else this.#repeated.delete(origin);
  }

  /** An EndpointSlice decides the names of the slices that come from the Endpoints object of the same name. */
  #touchNeighbour(origin: string): void {
    if (!origin.startsWith(slicePrefix)) return;
    const neighbour = `Endpoints/${origin.slice(slicePrefix.length)}`;
    if (this.#claims.has(neighbour)) this.#touched.add(neighbour);
  }

  #toWanted(origin: string): readonly Delivered[] {
    const claims = this.#claims.get(origin) ?? [];
    const claim = claims.find(({ file }) => !this.#fading.has(file)) ?? claims[0];
    if (claim === undefined) return [];
    return claim.entry.objects.map((object) => ({ object: this.#toDistinct(object), claim }));
  }

  #toDistinct(object: SourceObject): SourceObject {
    if (object.kind !== 'EndpointSlice' || !object.legacy) return object;
    const { ref } = object.meta;
    if (!this.#claims.has(toObjectPath(ref))) return object;
    return { ...object, meta: { ...object.meta, ref: { ...ref, name: `${ref.name}~0` } } };
  }

  #toChanges(
    gone: ReadonlyMap<ObjectKey, ObjectRef>,
    wanted: ReadonlyMap<ObjectKey, Delivered>,
  ): readonly Change[] {
    const changes: Change[] = [];
    for (const [key, ref] of gone) {
      if (wanted.has(key)) continue;
      this.#delivered.delete(key);
      changes.push({ kind: 'delete', ref });
    }
    for (const [key, { object, claim }] of wanted) {
      const former = this.#delivered.get(key)?.object;
      const same = former !== undefined && isDeepStrictEqual(former, object);
      this.#delivered.set(key, { object: same ? former : object, claim });
      if (!same) changes.push({ kind: 'set', object });
    }
    return changes;
  }
}

const slicePrefix = 'EndpointSlice/';

function toOrigin({ identity }: ManifestEntry): string {
  return toObjectPath(identity);
}

function byPlace(a: Claim, b: Claim): number {
  return compareText(a.file, b.file) || a.index - b.index;
}
