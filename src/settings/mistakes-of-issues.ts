import type * as z from 'zod';
import { findField, type Field } from './fields.ts';
import type { Mistake } from './mistake.ts';
import { findNearest } from '../lib/nearest.ts';
import { showValue, toFieldPath, valueAt, type ValuePath } from './value-path.ts';
import { toFlowYaml } from './yaml-text.ts';

/** What zod found, in words: one mistake for each thing to mend. */
export function toMistakes(issues: readonly z.core.$ZodIssue[], document: unknown): Mistake[] {
  const mistakes = issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => toUnknown([...path, key], path));
    return [toMistake(issue, path, valueAt(document, path))];
  });
  // A misspelt field is reported once: not also as missing under its right name.
  const meant = new Set(mistakes.map(({ meantPath }) => meantPath));
  return mistakes.filter(({ message, path }) => message !== isMissing || !meant.has(toFieldPath(path)));
}

const isMissing = 'is missing';

/** With the path that was probably meant by an unknown field. */
interface Found extends Mistake {
  readonly meantPath?: string;
}

function toUnknown(path: ValuePath, parent: ValuePath): Found {
  const known = (findField(parent)?.children ?? []).map((field) => field.path.at(-1) ?? '');
  const nearest = findNearest(String(path.at(-1)), known);
  return {
    path,
    ...(nearest !== undefined && { meantPath: toFieldPath([...parent, nearest]) }),
    message: 'is not a field',
    hint: nearest === undefined ? `the fields here are ${known.join(', ')}` : `did you mean ${nearest}?`,
  };
}

function toMistake(issue: z.core.$ZodIssue, path: ValuePath, value: unknown): Found {
  const field = findField(path);
  if (value === undefined && issue.code !== 'custom') {
    return { path, message: isMissing, hint: `add it, such as ${toExample(field, path)}` };
  }
  return { path, ...toGot(field, value), ...toWords(issue, field, path, value) };
}

function toGot(field: Field | undefined, value: unknown): { got?: string } {
  return value === undefined || field?.meta.secret === true ? {} : { got: showValue(value) };
}

function toWords(issue: z.core.$ZodIssue, field: Field | undefined, path: ValuePath, value: unknown) {
  if (issue.code === 'custom') {
    const hint: unknown = issue.params?.['hint'];
    return {
      message: issue.message,
      hint: typeof hint === 'string' ? hint : `write ${toExample(field, path)}`,
    };
  }
  const bound = toBound(issue);
  if (bound !== undefined)
    return { ...bound, ...(field && { hint: `${bound.hint}, such as ${toExample(field, path)}` }) };
  if (issue.code === 'too_small')
    return { message: 'is empty', hint: `add one, such as ${toExample(field, path)}` };
  if (issue.code === 'too_big' && issue.origin === 'array')
    return { message: `has more than ${issue.maximum} entries`, hint: 'write fewer' };
  const hint = `write ${toExample(field, path)}`;
  if (field?.kind === 'choice')
    return { message: `is not one of ${field.choices.join(', ')}`, hint: toChoiceHint(field, value) };
  if (value === null) return { message: 'has no value', hint: `${hint}, or remove it` };
  return { message: `is not ${kindNames[field?.kind ?? 'text']}`, hint: toTypeHint(field, value) ?? hint };
}

/** What is wrong with a number that is out of bounds; undefined for anything else. */
function toBound(issue: z.core.$ZodIssue): { readonly message: string; readonly hint: string } | undefined {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return undefined;
  if (issue.origin !== 'number' && issue.origin !== 'int') return undefined;
  return issue.code === 'too_small'
    ? { message: `is less than ${issue.minimum}`, hint: `write a number from ${issue.minimum} on` }
    : { message: `is more than ${issue.maximum}`, hint: `write a number up to ${issue.maximum}` };
}

const kindNames: Readonly<Record<Field['kind'], string>> = {
  object: 'an object',
  list: 'a list',
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  choice: 'one of its values',
};

function toChoiceHint(field: Field, value: unknown): string {
  const nearest = findNearest(String(value), field.choices);
  return nearest === undefined ? `write ${field.choices.join(' or ')}` : `did you mean ${nearest}?`;
}

function toTypeHint(field: Field | undefined, value: unknown): string | undefined {
  if (field?.kind === 'boolean') return 'write true or false, without quotes';
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (field?.kind === 'text' && scalar && field.meta.type === undefined) return 'put it in quotes';
  return undefined;
}

/** `name: value`, for an item of a list that of the whole list. */
function toExample(field: Field | undefined, path: ValuePath): string {
  const name = path.at(-1);
  // An item of a list or of a map is shown as a part of the whole.
  if (typeof name === 'number' || (field === undefined && path.length > 0))
    return toExample(findField(path.slice(0, -1)), path.slice(0, -1));
  const example = field?.meta.example ?? toFlowYaml(field?.standard);
  return name === undefined ? example : `${name}: ${example}`;
}
