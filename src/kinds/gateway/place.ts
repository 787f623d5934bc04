import type { Report } from '../../model/problem.ts';
import { malformed, reportMalformed, toGiven, type Field } from '../../lib/raw-fields.ts';
import { isObject, type RawObject } from '../../lib/raw-object.ts';

/** A mapping of a manifest that is being read, and where it stands. */
export interface Place {
  readonly raw: RawObject;
  /** Such as `spec.rules[0]`; empty for the object itself. */
  readonly field: string;
  readonly report: Report;
}

/** What a text has to be. */
export interface TextRule {
  /** The most characters that the API server takes. */
  readonly most: number;
  /** Read from left to right, each character once: the text may be a tenant's. Asked only of texts that are not too long. */
  readonly isRight?: (text: string) => boolean;
  readonly wanted: string;
}

/** The path of a field of a mapping. */
export function fieldOf({ field }: Place, key: string): string {
  return field === '' ? key : `${field}.${key}`;
}

/** Reports that a field of a mapping is not what belongs there. */
export function reportAt(place: Place, key: string, wanted: string): typeof malformed {
  reportMalformed(place.report, fieldOf(place, key), place.raw[key], wanted);
  return malformed;
}

/** A text; undefined also for the empty one, which clients in Go write for what is not given. */
export function textAt(place: Place, key: string, { most, isRight, wanted }: TextRule): Field<string> {
  const value = toGiven(place.raw[key]);
  if (value === undefined) return undefined;
  const isFit =
    typeof value === 'string' && value.length <= most && (isRight === undefined || isRight(value));
  return isFit ? value : reportAt(place, key, wanted);
}

/** A text that has to be there. */
export function requiredTextAt(place: Place, key: string, rule: TextRule): string | typeof malformed {
  return textAt(place, key, rule) ?? reportAt(place, key, rule.wanted);
}

/** A whole number between two, both included. */
export function numberAt(place: Place, key: string, least: number, most: number): Field<number> {
  const value = place.raw[key] ?? undefined;
  if (value === undefined) return undefined;
  const isFit = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return isFit ? value : reportAt(place, key, `a whole number from ${least} to ${most}`);
}

/** The number of a port, under `port`. */
export function portAt(place: Place): Field<number> {
  return numberAt(place, 'port', 1, 65_535);
}

/** One of some words; the first where none is given. */
export function wordAt<const T extends string>(
  place: Place,
  key: string,
  words: readonly [T, ...T[]],
): T | typeof malformed {
  const value = toGiven(place.raw[key]) ?? words[0];
  return words.find((word) => word === value) ?? reportAt(place, key, words.join(', '));
}

/** A mapping inside another one. */
export function placeAt(place: Place, key: string): Field<Place> {
  const raw = place.raw[key] ?? undefined;
  if (raw === undefined) return undefined;
  return isObject(raw)
    ? { raw, field: fieldOf(place, key), report: place.report }
    : reportAt(place, key, 'a mapping');
}

/** `spec` of an object; an empty one where there is none. */
export function specOf(raw: RawObject, report: Report): Place | typeof malformed {
  return placeAt({ raw, field: '', report }, 'spec') ?? { raw: {}, field: 'spec', report };
}

/** The entries of a list, up to the most that the API server takes. */
export interface Entries<T> {
  readonly entries: readonly T[];
  /** Whether all that were written are there; what is not has been reported. */
  readonly isWhole: boolean;
}

const noEntries: Entries<never> = { entries: [], isWhole: true };

/** The texts of a list. */
export function textsAt(
  place: Place,
  key: string,
  most: number,
  rule: TextRule,
): Entries<string> | typeof malformed {
  return entriesAt(place, key, most, (value, field) => {
    const isText = typeof value === 'string' && value !== '' && value.length <= rule.most;
    if (isText && (rule.isRight === undefined || rule.isRight(value))) return value;
    reportMalformed(place.report, field, value, rule.wanted);
    return undefined;
  });
}

/** What the mappings of a list are read to. */
export function listAt<T>(
  place: Place,
  key: string,
  most: number,
  read: (entry: Place) => T | undefined,
): Entries<T> | typeof malformed {
  const { report } = place;
  return entriesAt(place, key, most, (raw, field) => {
    if (isObject(raw)) return read({ raw, field, report });
    reportMalformed(report, field, raw, 'a mapping');
    return undefined;
  });
}

function entriesAt<T>(
  place: Place,
  key: string,
  most: number,
  read: (value: unknown, field: string) => T | undefined,
): Entries<T> | typeof malformed {
  const list = place.raw[key] ?? undefined;
  if (list === undefined) return noEntries;
  if (!Array.isArray(list)) return reportAt(place, key, 'a list');
  if (list.length > most) reportTooMany(place, key, list.length, most);
  const field = fieldOf(place, key);
  const entries = list
    .slice(0, most)
    .flatMap((value: unknown, index) => read(value, `${field}[${index}]`) ?? []);
  return { entries, isWhole: entries.length === list.length };
}

/** Reports that a list is longer than the API server takes. */
export function reportTooMany(place: Place, key: string, count: number, most: number): void {
  const field = fieldOf(place, key);
  place.report('object-malformed', () => ({
    field,
    message: `The field ${field} has ${count} entries, of which the first ${most} count.`,
    hint: `Kubernetes takes at most ${most} of them: give the others to another object.`,
  }));
}

/** The entries that could be read, for lists of which those stand for themselves. */
export function entriesOf<T>(list: Entries<T> | typeof malformed): readonly T[] {
  return list === malformed ? [] : list.entries;
}
