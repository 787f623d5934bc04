import type { Aged, Kind, ObjectRef } from './objects.ts';

export type { Aged, Kind, ObjectRef };

declare const objectKey: unique symbol;
/** An `ObjectRef` as one string that is equal for equal references, for maps. Never shown to users. */
export type ObjectKey = string & { readonly [objectKey]: true };

export function toObjectKey(ref: Omit<ObjectRef, 'kind'> & { readonly kind: string }): ObjectKey {
  // None of the four parts can hold a `|` or a `/`: sources are checked by the settings, the rest by the readers.
  // Joined, and not added up: see `toFlatText`.
  return [ref.source, '|', ref.kind, '/', ref.namespace, '/', ref.name].join('') as ObjectKey;
}

/** The parts of a text that is an `ObjectKey`; empty ones of any other text. */
export function parseObjectKey(key: string): Omit<ObjectRef, 'kind'> & { readonly kind: string } {
  const [source = '', path = ''] = key.split('|');
  const [kind = '', namespace = '', name = ''] = path.split('/');
  return { source, kind, namespace, name };
}

/** What a fleet asks for in the settings is worked out like an object, under a key that no object has. */
export function toFleetKey(fleet: string): ObjectKey {
  return toObjectKey({ source: '', kind: 'Fleet', namespace: '', name: fleet });
}

/** `Service/rds/orders-db`, as users write it in `fairlead explain` and read it in problems. */
export function toObjectPath(ref: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return ref.namespace === '' ? `${ref.kind}/${ref.name}` : `${ref.kind}/${ref.namespace}/${ref.name}`;
}

type AgedSubject = Omit<Aged, 'ref'> & { readonly ref: Omit<ObjectRef, 'kind'> & { readonly kind: string } };

/** Behind every claimed age, which is behind every true one. */
const youngest = '~~';

/**
 * The age that a manifest in a folder claims. Whoever writes it may claim any: so it counts among the objects of folders only, and sorts
 * behind every object of a cluster.
 */
export function toClaimedAge(created: string): string {
  return `~${created}`;
}

/** The owner of something that is to give way to whatever anybody asks for. */
export function toLast({ ref }: Aged): Aged {
  return { ref, created: `${youngest}~` };
}

/** Orders the elder first. Total: two different objects are never equal, so that every replica decides alike. */
export function bySeniority(a: AgedSubject, b: AgedSubject): number {
  return (
    compareText(a.created ?? youngest, b.created ?? youngest) ||
    compareText(a.ref.namespace, b.ref.namespace) ||
    compareText(a.ref.name, b.ref.name) ||
    compareText(a.ref.kind, b.ref.kind) ||
    compareText(a.ref.source, b.ref.source)
  );
}

/** Code-unit order: the same on every machine, unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
