import { isObject } from '../lib/raw-object.ts';

/** What differs in one field. A list of texts differs by its items, others as a whole. */
export interface FieldChange {
  /** Such as `loadBalancer.servers`. */
  readonly path: string;
  /** Absent: the field is new. */
  readonly before?: unknown;
  /** Absent: the field is gone. */
  readonly after?: unknown;
}

/** The fields in which two JSON values differ, in the order of the first one. */
export function listFieldChanges(before: unknown, after: unknown, path = ''): readonly FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      listFieldChanges(before[name], after[name], path === '' ? name : `${path}.${name}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return listItemChanges(before, after, path);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

/** Only what was added and taken away, since lists of servers and entryPoints are long; the whole lists where only the order differs. */
function listItemChanges(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): readonly FieldChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const former = new Set(before.map((item) => JSON.stringify(item)));
  const next = new Set(after.map((item) => JSON.stringify(item)));
  const gone = before.filter((item) => !next.has(JSON.stringify(item)));
  const fresh = after.filter((item) => !former.has(JSON.stringify(item)));
  if (gone.length + fresh.length === 0) return [{ path, before, after }];
  return [{ path, ...(gone.length > 0 && { before: gone }), ...(fresh.length > 0 && { after: fresh }) }];
}
