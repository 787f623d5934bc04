import { isObject } from '../lib/raw-object.ts';

// What Traefik's YAML reader refuses or changes when it stands in a text unescaped: DEL, C1 controls (U+0085 and the
// separators U+2028 and U+2029 are line breaks to it), the byte order mark, and what is no character.
const unsafe = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;
const allUnsafe = new RegExp(unsafe, 'gu');

/**
 * JSON that is the same for equal values and that Traefik's YAML reader takes: keys in code-unit order; fields that are
 * undefined, null, not finite or an empty object left out, since an empty map is fatal for Traefik, and whatever becomes empty
 * by that; empty arrays kept. Items of arrays stay, but for undefined and null ones. A value that is empty as a whole is `{}`.
 * Characters beyond U+FFFF stay as they are (it refuses their escapes), and half a surrogate pair becomes U+FFFD.
 */
export function toStableJson(value: object): string {
  return toJson(value) ?? '{}';
}

/** A text as a JSON string that is also a literal of Go and of YAML. */
export function toJsonText(text: string): string {
  const json = JSON.stringify(text);
  // JSON.stringify escapes halves of surrogate pairs as \udXXX: they have to be gone before.
  return unsafe.test(text) ? JSON.stringify(toWellFormed(text)).replaceAll(allUnsafe, toEscape) : json;
}

function toJson(value: unknown): string | undefined {
  if (typeof value === 'string') return toJsonText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return isArray(value) ? toJsonArray(value) : isObject(value) ? toJsonObject(value) : undefined;
}

function toJsonArray(items: readonly unknown[]): string {
  let json = '';
  for (const item of items) {
    if (item === undefined || item === null) continue;
    json += `${json === '' ? '' : ','}${toJson(item) ?? '{}'}`;
  }
  return `[${json}]`;
}

function toJsonObject(value: Readonly<Record<string, unknown>>): string | undefined {
  let json = '';
  const keys = Object.keys(value);
  // In code units, which is how texts are compared by default. Most objects are servers with one field.
  if (keys.length > 1) keys.sort();
  for (const key of keys) {
    const text = toJson(value[key]);
    if (text !== undefined) json += `${json === '' ? '' : ','}${toJsonText(key)}:${text}`;
  }
  return json === '' ? undefined : `{${json}}`;
}

/** `Array.isArray` narrows what is read-only to `any[]`. */
function isArray(value: object): value is readonly unknown[] {
  return Array.isArray(value);
}

function toWellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
