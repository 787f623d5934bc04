import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Scalar, type YAMLMap } from 'yaml';
import { maxRepeated, type ManifestDocument, type RepeatedKey } from './manifest-document.ts';
import { ManifestFault, maxDepth } from './manifest-fault.ts';
import { resolvePlain, type PlainValue } from './yaml-scalar.ts';

/** How many values aliases may repeat in one document: plenty for a hand-written file, too few to fill the memory. */
const maxAliasedValues = 10_000;

interface Anchored {
  readonly value: unknown;
  /** How many values it consists of, with those that its own aliases repeat. */
  readonly weight: number;
}

interface Walk {
  readonly anchors: Map<string, Anchored>;
  readonly repeated: RepeatedKey[];
  weight: number;
  aliased: number;
}

/**
 * The plain value of a document: what JSON could say, and nothing else. The library's own conversion is quadratic in
 * aliases and in duplicate keys, and knows no limit of depth.
 * @throws ManifestFault for an unknown or excessive alias, and a nesting beyond the limit.
 */
export function toYamlValue(document: Document.Parsed): Pick<ManifestDocument, 'repeated' | 'value'> {
  const repeated: RepeatedKey[] = [];
  const value = toValue(document.contents, { anchors: new Map(), repeated, weight: 0, aliased: 0 }, 0);
  // The texts are slices that would keep the whole file in memory; these are copies.
  return { value: value === null ? null : JSON.parse(JSON.stringify(value)), repeated };
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

function toScalarValue(scalar: Scalar): PlainValue {
  const text = scalar.source ?? String(scalar.value);
  const type = scalar.tag?.replace(coreTag, '');
  if (type === undefined) return scalar.type === 'PLAIN' ? resolvePlain(text) : text;
  // `!` alone, and a time, which JSON does not have.
  if (type === '!' || type === 'str' || type === 'timestamp') return text;
  const value = resolvePlain(text);
  if (isOfType(value, type)) return value;
  throw new ManifestFault('A value is not of the type that its tag says.', toStart(scalar));
}

const coreTag = 'tag:yaml.org,2002:';

function isOfType(value: PlainValue, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'bool') return typeof value === 'boolean';
  return typeof value === 'number' && (type === 'float' || Number.isInteger(value));
}

function toRecord(map: YAMLMap, walk: Walk, depth: number): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  const own = new Set<string>();
  for (const { key, value } of map.items) {
    if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<' && key.tag === undefined) {
      mergeInto(record, toValue(value, walk, depth));
      continue;
    }
    const text = toKeyText(key, walk, toStart(map));
    if (own.has(text) && walk.repeated.length < maxRepeated)
      walk.repeated.push({ key: text, offset: toStart(key) });
    own.add(text);
    setOwn(record, text, toValue(value, walk, depth));
  }
  return record;
}

/** `<<: *defaults` as kubectl reads it: what stands later wins, of several mappings the first. */
function mergeInto(record: Record<string, unknown>, merged: unknown): void {
  for (const source of [merged].flat().toReversed()) {
    if (typeof source !== 'object' || source === null) continue;
    for (const [key, value] of Object.entries(source)) setOwn(record, key, value);
  }
}

function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  // An assignment to `__proto__` would change the prototype.
  if (key !== '__proto__') record[key] = value;
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

function toKeyText(key: unknown, walk: Walk, mapStart: number): string {
  const plain = isAlias(key) ? toAliased(key, walk) : isScalar(key) ? toScalarValue(key) : undefined;
  if (isScalar(key)) keepAnchor(key.anchor, plain, 1, walk);
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
