import { isDeepStrictEqual } from 'node:util';
import { compareText, toObjectKey, type ObjectKey, type ObjectRef } from '../../model/object-ref.ts';
import type { SourceObject } from '../../model/objects.ts';
import type { Change } from '../../model/snapshot.ts';
import { kinds } from '../../kinds/index.ts';
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
  readonly #claims = new Map<ObjectKey, readonly Claim[]>();
  readonly #repeated = new Set<ObjectKey>();
  /** Files that have just gone: their objects give way to the same objects elsewhere, without a word. */
  readonly #fading = new Set<string>();
  readonly #touched = new Set<ObjectKey>();
  readonly #delivered = new Map<ObjectKey, Delivered>();

  /** The entries of a file were `before` and are `after`. */
  replace(file: string, before: readonly ManifestEntry[], after: readonly ManifestEntry[]): void {
    for (const key of new Set(before.map(toEntryKey))) {
      this.#setClaims(
        key,
        (this.#claims.get(key) ?? []).filter((claim) => claim.file !== file),
      );
    }
    for (const [index, entry] of after.entries()) {
      const key = toEntryKey(entry);
      this.#setClaims(key, [...(this.#claims.get(key) ?? []), { file, index, entry }].toSorted(byPlace));
    }
  }

  /** Marks a file as just gone, or as back. */
  setFading(file: string, fading: boolean, entries: readonly ManifestEntry[]): void {
    if (fading) this.#fading.add(file);
    else this.#fading.delete(file);
    for (const entry of entries) this.#touched.add(toEntryKey(entry));
  }

  /** The differences since the last call, by content: deletions first. */
  takeChanges(): readonly Change[] {
    const deletions: Change[] = [];
    const sets: Change[] = [];
    for (const key of this.#touched) {
      const former = this.#delivered.get(key)?.object;
      const claim = this.#choose(key);
      if (claim === undefined) {
        this.#delivered.delete(key);
        if (former !== undefined) deletions.push({ kind: 'delete', ref: former.meta.ref });
        continue;
      }
      const { object } = claim.entry;
      const same = former !== undefined && isDeepStrictEqual(former, object);
      this.#delivered.set(key, { object: same ? former : object, claim });
      if (!same) sets.push({ kind: 'set', object });
    }
    this.#touched.clear();
    return [...deletions, ...sets];
  }

  /** The manifests that stand in several places, differ, and should not, with those places; the first one is used. */
  repeated(): readonly (readonly Claim[])[] {
    return [...this.#repeated].flatMap((key) => {
      const claims = (this.#claims.get(key) ?? []).filter(({ file }) => !this.#fading.has(file));
      const [used, ...others] = claims;
      // The very same object once more decides nothing.
      const different = others.filter(({ entry }) => !isDeepStrictEqual(entry.object, used?.entry.object));
      return used !== undefined && different.length > 0 ? [[used, ...different]] : [];
    });
  }

  /** The place that an object which was delivered comes from. */
  find(ref: ObjectRef): Claim | undefined {
    return this.#delivered.get(toObjectKey(ref))?.claim;
  }

  objects(): readonly SourceObject[] {
    return [...this.#delivered.values()].map(({ object }) => object);
  }

  #setClaims(key: ObjectKey, claims: readonly Claim[]): void {
    this.#touched.add(key);
    const [first] = claims;
    if (first === undefined) this.#claims.delete(key);
    else this.#claims.set(key, claims);
    if (claims.length > 1 && first !== undefined && !kinds[first.entry.object.kind].repeatable)
      this.#repeated.add(key);
    else this.#repeated.delete(key);
  }

  /** The place that counts: the first, but one that has just gone only when there is no other. */
  #choose(key: ObjectKey): Claim | undefined {
    const claims = this.#claims.get(key) ?? [];
    return claims.find(({ file }) => !this.#fading.has(file)) ?? claims[0];
  }
}

/** Which object an entry defines. */
export function toEntryKey({ object }: ManifestEntry): ObjectKey {
  return toObjectKey(object.meta.ref);
}

function byPlace(a: Claim, b: Claim): number {
  return compareText(a.file, b.file) || a.index - b.index;
}
