import { isObject, type RawObject } from '../lib/raw-object.ts';

/** Where a value stands inside a document: keys of mappings and indexes of lists. */
export type ValuePath = readonly (string | number)[];

/** One object of a document, and where it stands in it. */
export interface ListedObject {
  readonly raw: unknown;
  readonly path: ValuePath;
}

/**
 * The document itself, or the items of a `List`, `ServiceList` and so on. Items of a typed list, which the API
 * server writes without `kind` and `apiVersion`, get those of their list.
 */
export function* expandList(raw: unknown, path: ValuePath = []): Generator<ListedObject> {
  if (!isObject(raw) || !isList(raw)) {
    yield { raw, path };
    return;
  }
  const { items } = raw;
  if (!Array.isArray(items)) {
    if (items !== null && items !== undefined) yield { raw, path };
    return;
  }
  for (const [index, item] of items.entries()) {
    yield* expandList(toTypedItem(item, raw), [...path, 'items', index]);
  }
}

function isList(raw: RawObject): boolean {
  const { kind } = raw;
  return kind === 'List' || (typeof kind === 'string' && kind.endsWith('List') && 'items' in raw);
}

function toTypedItem(item: unknown, list: RawObject): unknown {
  const { kind, apiVersion } = list;
  if (kind === 'List' || typeof kind !== 'string' || !isObject(item) || 'kind' in item) return item;
  return { ...item, kind: kind.slice(0, -'List'.length), apiVersion };
}
