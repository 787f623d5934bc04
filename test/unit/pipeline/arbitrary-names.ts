import * as fc from 'fast-check';
import type { Kind, ObjectRef } from '../../../src/model/object-ref.ts';
import type { Meta } from '../../../src/model/objects.ts';

// Few names of everything, so that objects meet, shadow and contradict each other.
export const source = fc.constantFrom('one', 'two');
export const namespace = fc.constantFrom('a', 'a-b');
export const name = fc.constantFrom('c', 'b-c');
export const created = fc.constantFrom(undefined, '2025-01-01T00:00:00Z', '2025-06-01T00:00:00Z');

/** A reference to an object of a kind. */
export function toRef(kind: Kind): fc.Arbitrary<ObjectRef> {
  return fc.record({ source, kind: fc.constant(kind), namespace, name });
}

/** What an object of a kind has in `metadata`. */
export function toMeta(kind: Kind, annotations: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<Meta> {
  return fc.record({ ref: toRef(kind), annotations, at: created }).map(({ ref, annotations: all, at }) => ({
    ref,
    annotations: all,
    ...(at !== undefined && { created: at }),
  }));
}

/** Some of the annotations, each with one of its values. */
export function some(
  values: Readonly<Record<string, fc.Arbitrary<string>>>,
): fc.Arbitrary<Record<string, string>> {
  return fc
    .record(values, { requiredKeys: [] })
    .map((record) =>
      Object.fromEntries(
        Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      ),
    );
}
