import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Scalar, type YAMLMap } from 'yaml';
import { ManifestFault, maxDepth } from './manifest-fault.ts';

/** How many values aliases may repeat in one document: plenty for a hand-written file, too few to fill the memory. */
const maxAliasedValues = 10_000;

interface Anchored {
  readonly value: unknown;
  /** How many values it consists of, with those that its own aliases repeat. */
  readonly weight: number;
}

interface Walk {
  readonly anchors: Map<string, Anchored>;
  weight: number;
  aliased: number;
}

/**
 * The plain value of a document: what JSON could say, and nothing else. The library's own conversion is quadratic in
 * aliases and in duplicate keys, and knows no limit of depth.
 * @throws ManifestFault for a duplicate key, an unknown or excessive alias, and a nesting beyond the limit.
 */
export function toYamlValue(document: Document.Parsed): unknown {
  const value = toValue(document.contents, { anchors: new Map(), weight: 0, aliased: 0 }, 0);
  // The texts are slices that would keep the whole file in memory; these are copies.
  return value === null ? null : JSON.parse(JSON.stringify(value));
}

function toValue(node: unknown, walk: Walk, depth: number): unknown {
  walk.weight += 1;
  if (isAlias(node)) return toAliased(node, walk);
  if (isScalar(node)) return keepAnchor(node.anchor, toScalarValue(node), 1, walk);
  if (!isSeq(node) && !isMap(node)) return null;
  if (depth >= maxDepth)
    throw new ManifestFault(`Values nest deeper than ${maxDepth} levels.`, toStart(node));
  const before = walk.weight;
  const value = isMap(node)
    ? toRecord(node, walk, depth + 1)
    : node.items.map((item) => toValue(item, walk, depth + 1));
  return keepAnchor(node.anchor, value, walk.weight - before + 1, walk);
}

function keepAnchor(anchor: string | undefined, value: unknown, weight: number, walk: Walk): unknown {
  if (anchor !== undefined) walk.anchors.set(anchor, { value, weight });
  return value;
}

function toAliased(alias: Alias, walk: Walk): unknown {
  const anchored = walk.anchors.get(alias.source);
  if (anchored === undefined) {
    throw new ManifestFault(`The alias *${alias.source} has no anchor before it.`, toStart(alias));
  }
  walk.weight += anchored.weight;
  walk.aliased += anchored.weight;
  if (walk.aliased > maxAliasedValues) {
    throw new ManifestFault(`Aliases repeat more than ${maxAliasedValues} values.`, toStart(alias));
  }
  return anchored.value;
}

function toScalarValue({ value, source }: Scalar): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  // `.nan` and `.inf` are numbers to YAML only.
  return source ?? null;
}

function toRecord(map: YAMLMap, walk: Walk, depth: number): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  const merged: unknown[] = [];
  for (const { key, value } of map.items) {
    const text = toKeyText(key, walk, toStart(map));
    if (text === '<<' && isScalar(key) && key.type === 'PLAIN') {
      merged.push(toValue(value, walk, depth));
      continue;
    }
    if (Object.hasOwn(record, text)) {
      throw new ManifestFault(
        `The key ${JSON.stringify(text.slice(0, 80))} stands twice in one mapping.`,
        toStart(key),
      );
    }
    setOwn(record, text, toValue(value, walk, depth));
  }
  for (const source of merged.flat()) addMissing(record, source);
  return record;
}

/** `<<: *defaults` gives the keys that the mapping does not have itself, as kubectl reads it. */
function addMissing(record: Record<string, unknown>, source: unknown): void {
  if (typeof source !== 'object' || source === null) return;
  for (const [key, value] of Object.entries(source)) {
    if (!Object.hasOwn(record, key)) setOwn(record, key, value);
  }
}

function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  // An assignment to `__proto__` would change the prototype.
  if (key !== '__proto__') record[key] = value;
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

function toKeyText(key: unknown, walk: Walk, mapStart: number): string {
  const plain = isAlias(key) ? toAliased(key, walk) : isScalar(key) ? (key.source ?? key.value) : undefined;
  if (typeof plain === 'string') return plain;
  if (typeof plain === 'number' || typeof plain === 'boolean') return String(plain);
  throw new ManifestFault(
    'A key is empty, a list or a mapping and not a text.',
    key === null ? mapStart : toStart(key),
  );
}

/** Where a node starts in the text. */
export function toStart(node: unknown): number {
  return (isAlias(node) || isScalar(node) || isSeq(node) || isMap(node)) && node.range ? node.range[0] : 0;
}
