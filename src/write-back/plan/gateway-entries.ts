import { isDeepStrictEqual } from 'node:util';
import type { ParentRef } from '../../model/route-specs.ts';
import type { Condition } from '../../routes/status.ts';
import { toConditions, toObjects } from './gateway-conditions.ts';

/** One entry of a list that several controllers share: `status.parents` of routes, `status.ancestors` of policies. */
export interface SharedEntry {
  /** A `parentRef` or an `ancestorRef`, as it stands in a manifest. */
  readonly ref: Readonly<Record<string, unknown>>;
  readonly conditions: readonly Condition[];
}

export interface SharedList {
  /** What the reference of an entry is called. */
  readonly refField: 'ancestorRef' | 'parentRef';
  readonly controller: string;
  /** The most that the list holds. */
  readonly most: number;
}

/**
 * The list that there should be, given the one that stands there: entries of other controllers stay, ours are those that are wanted and no
 * others. Undefined when ours are there already, in whatever order: another controller that puts its own first is not answered.
 */
export function toSharedEntries(
  { refField, controller, most }: SharedList,
  wanted: readonly SharedEntry[],
  present: unknown,
  generation: number,
): readonly unknown[] | undefined {
  const standing = toObjects(present);
  const isOwn = (entry: (typeof standing)[number]): boolean => entry['controllerName'] === controller;
  const own = standing.filter(isOwn);
  const others = standing.filter((entry) => !isOwn(entry));
  const next = wanted.slice(0, Math.max(0, most - others.length)).map(({ ref, conditions }) => {
    const former = own.find((entry) => isDeepStrictEqual(entry[refField], ref));
    return {
      [refField]: ref,
      controllerName: controller,
      conditions: toConditions(conditions, former?.['conditions'], generation),
    };
  });
  const isSame =
    next.length === own.length && next.every((entry) => own.some((each) => isDeepStrictEqual(each, entry)));
  return isSame ? undefined : [...others, ...next];
}

/** As it is written in a manifest, with the defaults that the API server fills in. */
export function toManifestRef(ref: ParentRef): Readonly<Record<string, unknown>> {
  const { group, kind, namespace, name, sectionName, port } = ref;
  return {
    group,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    ...(sectionName !== undefined && { sectionName }),
    ...(port !== undefined && { port }),
  };
}
