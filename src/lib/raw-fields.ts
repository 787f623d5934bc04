import { cut, type Report } from '../model/problem.ts';
import { isObject, type RawObject } from './raw-object.ts';

/** Stands for a field that has the wrong type. The problem has been reported already. */
export const malformed: unique symbol = Symbol('malformed');

/** A field that may be absent (`undefined` or `null` in the manifest) or malformed. */
export type Field<T> = T | undefined | typeof malformed;

/** A value in a few words for a message, cut to a length that fits a line. Never used for Secrets. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(cut(value, 60))}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  return describeType(value);
}

/** The type of a value in a few words, without the value. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** Reports that a field has the wrong type, or a value outside what Kubernetes allows. */
export function reportMalformed(report: Report, field: string, value: unknown, wanted: string): void {
  report('object-malformed', () => ({
    field,
    message: `The field ${cut(field, 200)} is ${describe(value)} where ${wanted} belongs.`,
    hint: `Give it ${wanted}.`,
  }));
}

/** Undefined for what Kubernetes reads as not given: null, and the empty text, which clients in Go write for it. */
export function toGiven(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}

/** `parent[key]` when it is a text. */
export function toText(parent: RawObject, key: string, path: string, report: Report): Field<string> {
  const value = parent[key];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  reportMalformed(report, path + key, value, 'a text');
  return malformed;
}

/** `parent[key]` when it is a mapping. */
export function toMapping(parent: RawObject, key: string, path: string, report: Report): Field<RawObject> {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  reportMalformed(report, path + key, value, 'a mapping');
  return malformed;
}

/** `parent[key]` when it is a list. */
export function toList(
  parent: RawObject,
  key: string,
  path: string,
  report: Report,
): Field<readonly unknown[]> {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value;
  reportMalformed(report, path + key, value, 'a list');
  return malformed;
}

/** A text or `undefined`, for fields where a malformed value may count as absent. */
export function orAbsent<T>(field: Field<T>): T | undefined {
  return field === malformed ? undefined : field;
}
