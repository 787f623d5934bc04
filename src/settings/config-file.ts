import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { readRegularFileSync } from '../lib/read-regular-file.ts';
import type { Mistake } from './mistake.ts';
import type { ValuePath } from './value-path.ts';
import { toYamlMistakes } from './yaml-mistakes.ts';

/** Where something stands in the configuration. */
export interface Place {
  /** `file:line:column`, or the name of an environment variable. */
  readonly where: string;
  /** How far from the start of the file, for sorting; 0 where there is no file. */
  readonly offset: number;
}

/** A configuration as it was written, before it is checked. */
export interface ConfigDocument {
  /** Plain data; an empty file is an empty object. */
  readonly value: unknown;
  /** What kept it from being read. */
  readonly mistakes: readonly Mistake[];
  /** The place of a field, or of the nearest thing around it that is there. */
  locate(path: ValuePath): Place | undefined;
}

/** Many times what the largest configuration has. */
const maxBytes = 4 * 1024 * 1024;

const readHints: Readonly<Record<string, string>> = {
  NOT_REGULAR: 'name a regular file, not a device or a pipe',
  TOO_LARGE: 'it is far larger than a configuration can be: name another file',
};

/** A configuration that was not read from a file. */
export function toDocument(value: unknown): ConfigDocument {
  return { value, mistakes: [], locate: () => undefined };
}

/** Reads a configuration file. `name` is how messages call it. */
export function readConfigFile(path: string, name: string): ConfigDocument {
  try {
    return parseConfig(readRegularFileSync(path, maxBytes).toString(), name);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const mistake = {
      path: [],
      where: name,
      message: 'cannot be read',
      got: reason,
      hint: readHints[reason] ?? 'check the path and its rights',
    };
    return { ...toDocument({}), mistakes: [mistake] };
  }
}

/** Parses the text of a configuration file: YAML 1.2, one document. */
export function parseConfig(text: string, name: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const toPlace = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { where: `${name}:${line}:${col}`, offset };
  };
  const mistakes = toYamlMistakes(document.errors, text, (offset) => toPlace(offset).where);
  if (mistakes.length > 0) return { ...toDocument({}), mistakes };
  keepVersions(document);
  return toConfigDocument(document, name, toPlace);
}

function toConfigDocument(
  document: Document,
  name: string,
  toPlace: (offset: number) => Place,
): ConfigDocument {
  try {
    const value: unknown = document.toJS() ?? {};
    const locate = (path: ValuePath) => {
      const offset = findOffset(document, path);
      return offset === undefined ? undefined : toPlace(offset);
    };
    return { value, mistakes: [], locate };
  } catch {
    // Anchors that unfold to more than the parser allows, or to themselves.
    const mistake = {
      path: [],
      where: name,
      message: 'has anchors that cannot be resolved',
      hint: 'write the values out',
    };
    return { ...toDocument({}), mistakes: [mistake] };
  }
}

/** As a number, the version 3.10 would be 3.1. */
function keepVersions(document: Document): void {
  visit(document, {
    Pair(_, { key, value }) {
      const isVersion =
        isScalar(key) && key.value === 'traefik' && isScalar(value) && typeof value.value === 'number';
      if (isVersion && value.source !== undefined) value.value = value.source;
    },
  });
}

function findOffset(document: Document, path: ValuePath): number | undefined {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0];
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    const next = findChild(node, step);
    if (!next) break;
    offset = next.at?.range?.[0] ?? offset;
    node = next.value;
  }
  return offset;
}

/** A field is at its key, an item of a list at itself. */
function findChild(
  node: unknown,
  step: string | number,
): { at: Node | undefined; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair && { at: isScalar(pair.key) ? pair.key : undefined, value: pair.value };
  }
  if (!isSeq(node) || typeof step !== 'number') return undefined;
  const item = node.items[step];
  return isScalar(item) || isMap(item) || isSeq(item) || isAlias(item)
    ? { at: item, value: item }
    : undefined;
}
