import * as z from 'zod';
import { parseLabel, parseNamespacePattern } from './names.ts';
import { findNearest } from '../lib/nearest.ts';
import type { Parsed } from '../lib/parsed.ts';

/** What the reference and the error messages say about a field; given to its schema by `described`. */
export interface FieldMeta {
  /** What it does, in one or two sentences. */
  readonly description: string;
  /** What its text stands for, such as `duration`; without it the kind of YAML value. */
  readonly type?: string;
  /** A value as YAML, for the hint of a mistake. Without it the default is shown. */
  readonly example?: string;
  /** The default in the reference, where the schema cannot state it. */
  readonly defaultText?: string;
  /** The value is never repeated in a message. */
  readonly secret?: boolean;
}

const metas = z.registry<FieldMeta>();

/** A copy of the schema that carries what is to be said about the field. */
export function described<S extends z.ZodType>(schema: S, meta: FieldMeta): S {
  const copy = schema.clone();
  metas.add(copy, meta);
  return copy;
}

/** What `described` said about this very schema. */
export function metaOf(schema: z.core.$ZodType): FieldMeta | undefined {
  return metas.get(schema);
}

/** A field that is written as text and read into something else. */
export function textAs<T>(parse: (text: string) => Parsed<T>) {
  return z.string().transform((text, context): T => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.message, params: { hint: parsed.hint } });
    return z.NEVER;
  });
}

/** As `textAs`, for texts that look like a number when they stand in YAML without quotes. */
export function textOrNumberAs<T>(parse: (text: string) => Parsed<T>) {
  return z.preprocess((input) => (typeof input === 'number' ? String(input) : input), textAs(parse));
}

/** Reports a mistake that only several fields together make, at a path below the checked value. */
export type CrossReport = (path: readonly (string | number)[], message: string, hint: string) => void;

/**
 * A check over several fields of one object. It runs when the fields that it needs are right by themselves, whatever
 * is wrong elsewhere: so all mistakes are reported at once, and none twice. A misspelt field may be one that it needs.
 */
export function crossCheck<T extends object>(
  needs: readonly (keyof T & string)[],
  check: (value: T, report: CrossReport) => void,
) {
  const needed = new Set<PropertyKey>(needs);
  const isSlip = (key: string) => findNearest(key, needs) !== undefined;
  return z.superRefine<T>((value, context) => check(value, toReport(context)), {
    when: ({ issues }) =>
      issues.every(({ path: [first] = [], ...issue }) => {
        if (first !== undefined) return !needed.has(first);
        return issue.code === 'unrecognized_keys' && !issue.keys.some(isSlip);
      }),
  });
}

/** A check that no two items of a list have the same key. Items that are wrong themselves are left out. */
export function unique<T>(field: (keyof T & string) | '', keyOf: (item: T) => string) {
  return z.superRefine<T[]>(
    (items, context) => {
      const broken = new Set(
        context.issues
          .filter(({ path = [] }) => path.length === 1 || path[1] === field)
          .map(({ path }) => path?.[0]),
      );
      const first = new Map<string, number>();
      const report = toReport(context);
      items.forEach((item, index) => {
        if (broken.has(index)) return;
        const key = keyOf(item);
        const earlier = first.get(key);
        if (earlier === undefined) first.set(key, index);
        else
          report(
            field === '' ? [index] : [index, field],
            `is the same as in item ${earlier}`,
            'give each its own',
          );
      });
    },
    { when: ({ issues }) => issues.every(({ path = [] }) => path.length > 0) },
  );
}

function toReport(context: z.core.$RefinementCtx): CrossReport {
  return (path, message, hint) =>
    context.addIssue({ code: 'custom', path: [...path], message, params: { hint } });
}

/** A whole number from `least` on. */
export function count(least: 0 | 1) {
  return z.number().superRefine((value, context) => {
    if (Number.isInteger(value) && value >= least) return;
    const params = { hint: `write a whole number from ${least} on${least === 1 ? ', or null' : ''}` };
    context.addIssue({ code: 'custom', message: 'is not a count', params });
  });
}

/** A DNS label, such as the name of a namespace. */
export const label = textAs(parseLabel);

/** Where the traffic of Services goes. */
export const backendMode = z.enum(['endpoints', 'clusterip', 'dns', 'nodeport']);

/** A list of namespaces and of patterns of their names. Empty by default. */
export function namespacePatterns(description: string) {
  return described(z.array(textAs(parseNamespacePattern)).prefault([]), {
    description,
    type: 'list of namespaces',
    example: '[shop, "game-*"]',
  });
}

/** A list of namespaces. Empty by default. */
export function namespaces(description: string) {
  return described(z.array(label).prefault([]), { description, example: '[default, shop]' });
}
