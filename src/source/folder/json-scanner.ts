import type { ValuePath } from '../../kinds/expand-list.ts';
import { maxRepeated, type RepeatedKey } from './manifest-document.ts';
import { ManifestFault, maxDepth } from './manifest-fault.ts';

interface Cursor {
  readonly text: string;
  at: number;
  /** Where keys that stand twice are noted. */
  readonly repeated?: RepeatedKey[];
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Not a quotation mark, a backslash or a control character. */
const plain = /[^"\\\u0000-\u001f]*/y;
const blank = /[ \t\r\n]*/y;
const literals = ['true', 'false', 'null'];

/**
 * The values of a text, one after the other, as `jq -c` writes them; checked for what `JSON.parse` passes over or tells without a place. Linear.
 * @throws ManifestFault at the first fault: not JSON, or nesting beyond the limit.
 */
export function* splitJson(
  text: string,
): Generator<{ readonly start: number; readonly end: number; readonly repeated: readonly RepeatedKey[] }> {
  let at = 0;
  for (;;) {
    const repeated: RepeatedKey[] = [];
    const cursor = { text, at, repeated };
    skipBlank(cursor);
    if (cursor.at >= text.length) return;
    const start = cursor.at;
    skipValue(cursor, 0);
    at = cursor.at;
    yield { start, end: at, repeated };
  }
}

/** Where the deepest part of `path` that exists starts: a key of an object, an element of a list. The text is valid JSON. */
export function findInJson(text: string, path: ValuePath, from = 0): number {
  const cursor = { text, at: from };
  skipBlank(cursor);
  let offset = cursor.at;
  for (const step of path) {
    const found =
      text[cursor.at] === '{' ? enterMember(cursor, String(step)) : enterElement(cursor, Number(step));
    if (found === undefined) return offset;
    offset = found;
  }
  return offset;
}

/** Where each element of the list at `path` starts; none when there is no list. The text is valid JSON. */
export function findElements(text: string, path: ValuePath): readonly number[] {
  const cursor = { text, at: 0 };
  skipBlank(cursor);
  for (const step of path) {
    if (text[cursor.at] !== '{' || enterMember(cursor, String(step)) === undefined) return [];
  }
  const offsets: number[] = [];
  if (text[cursor.at] === '[') skipList(cursor, 0, () => offsets.push(cursor.at));
  return offsets;
}

/** Moves to the value of a key; gives where the key stands. */
function enterMember(cursor: Cursor, wanted: string): number | undefined {
  let found: number | undefined;
  let value = 0;
  skipObject(cursor, 0, (key, at) => {
    if (key !== wanted || found !== undefined) return;
    found = at;
    value = cursor.at;
  });
  if (found !== undefined) cursor.at = value;
  return found;
}

/** Moves to an element of a list; gives where it stands. */
function enterElement(cursor: Cursor, wanted: number): number | undefined {
  if (cursor.text[cursor.at] !== '[') return undefined;
  let index = 0;
  let found: number | undefined;
  skipList(cursor, 0, () => {
    if (index === wanted) found = cursor.at;
    index += 1;
  });
  if (found !== undefined) cursor.at = found;
  return found;
}

function skipValue(cursor: Cursor, depth: number): void {
  skipBlank(cursor);
  if (depth > maxDepth) throw new ManifestFault(`Values nest deeper than ${maxDepth} levels.`, cursor.at);
  const { text, at } = cursor;
  const first = text[at];
  if (first === '{') skipObject(cursor, depth, undefined);
  else if (first === '[') skipList(cursor, depth, undefined);
  else if (first === '"') toPlainText(skipString(cursor), at);
  else {
    const literal = literals.find((word) => text.startsWith(word, at));
    number.lastIndex = at;
    if (literal !== undefined) cursor.at += literal.length;
    else if (number.test(text)) cursor.at = number.lastIndex;
    else
      throw new ManifestFault(
        at < text.length ? 'This is not a JSON value.' : 'The JSON text ends too early.',
        at,
      );
  }
  skipBlank(cursor);
}

function skipObject(cursor: Cursor, depth: number, seen?: (key: string, at: number) => void): void {
  const keys = new Set<string>();
  cursor.at += 1;
  skipBlank(cursor);
  if (take(cursor, '}')) return;
  do {
    skipBlank(cursor);
    const { at } = cursor;
    const key = toPlainText(skipString(cursor), at);
    if (keys.has(key) && cursor.repeated !== undefined && cursor.repeated.length < maxRepeated)
      cursor.repeated.push({ key, offset: at });
    keys.add(key);
    skipBlank(cursor);
    demand(cursor, ':');
    skipBlank(cursor);
    seen?.(key, at);
    skipValue(cursor, depth + 1);
  } while (take(cursor, ','));
  demand(cursor, '}');
}

function skipList(cursor: Cursor, depth: number, seen?: () => void): void {
  cursor.at += 1;
  skipBlank(cursor);
  if (take(cursor, ']')) return;
  do {
    skipBlank(cursor);
    seen?.();
    skipValue(cursor, depth + 1);
  } while (take(cursor, ','));
  demand(cursor, ']');
}

/** Gives the text in quotation marks, as it is written. */
function skipString(cursor: Cursor): string {
  const { text, at } = cursor;
  if (text[at] !== '"') throw new ManifestFault('A text in quotation marks belongs here.', at);
  let end = at + 1;
  for (;;) {
    plain.lastIndex = end;
    plain.test(text);
    end = plain.lastIndex;
    if (text[end] !== '\\') break;
    end += 2;
  }
  if (text[end] !== '"') throw new ManifestFault('A text is not closed by a quotation mark.', at);
  cursor.at = end + 1;
  return text.slice(at, end + 1);
}

function toPlainText(quoted: string, at: number): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new ManifestFault('A text has an escape that JSON does not know.', at);
  }
}

function skipBlank(cursor: Cursor): void {
  blank.lastIndex = cursor.at;
  blank.test(cursor.text);
  cursor.at = blank.lastIndex;
}

function take(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function demand(cursor: Cursor, character: string): void {
  if (!take(cursor, character)) throw new ManifestFault(`A "${character}" belongs here.`, cursor.at);
}
