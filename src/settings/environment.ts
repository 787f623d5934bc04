import { parse } from 'yaml';
import type { ConfigDocument } from './config-file.ts';
import { findField, type Field } from './fields.ts';
import type { Mistake } from './mistake.ts';
import { isObject } from '../lib/raw-object.ts';
import { toFieldPath, type ValuePath } from './value-path.ts';
import {
  findTarget,
  isServiceLink,
  processVariables,
  suggestVariable,
  variablePrefix,
  type VariableTarget,
} from './variable-names.ts';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Given extends VariableTarget {
  readonly variable: string;
  readonly text: string;
}

/** Puts the fields that are given as environment variables over a document. An empty variable counts as not set. */
export function applyEnvironment(document: ConfigDocument, environment: Environment): ConfigDocument {
  const mistakes = [...document.mistakes];
  const places = new Map<string, string>();
  const root = { value: structuredClone(document.value) };
  for (const given of readGiven(environment, mistakes)) {
    const read = readValue(given.field, given.text);
    places.set(toFieldPath(given.path), given.variable);
    const why = read.ok ? place(root, given.path, read.value) : read.mistake;
    if (why) mistakes.push({ ...why, where: given.variable, path: given.path });
  }
  return {
    value: root.value,
    mistakes,
    locate: (path) => findVariable(places, path) ?? document.locate(path),
  };
}

/** Whether the environment names any field below a section. */
export function hasVariables(environment: Environment, section: string): boolean {
  return Object.entries(environment).some(([variable, text]) => {
    return text !== undefined && text !== '' && findTarget(variable)?.path[0] === section;
  });
}

/** Objects and lists come before what is in them, and lower indexes before higher ones. */
function readGiven(environment: Environment, mistakes: Mistake[]): readonly Given[] {
  const found: Given[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (
      !variable.startsWith(variablePrefix) ||
      text === undefined ||
      text === '' ||
      variable in processVariables
    )
      continue;
    const target = findTarget(variable);
    if (target) found.push({ variable, text, ...target });
    else if (!isServiceLink(variable, text)) mistakes.push(toUnknown(variable));
  }
  return found.toSorted((a, b) => a.path.length - b.path.length || comparePaths(a.path, b.path));
}

function comparePaths(a: ValuePath, b: ValuePath): number {
  return toFieldPath(a).localeCompare(toFieldPath(b), 'en', { numeric: true });
}

function toUnknown(variable: string): Mistake {
  const nearest = suggestVariable(variable);
  return {
    path: [],
    where: variable,
    message: 'is not a setting',
    hint: nearest === undefined ? 'see docs/configuration.md for the variables' : `did you mean ${nearest}?`,
  };
}

type Complaint = Pick<Mistake, 'message' | 'hint'>;
type Read =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly mistake: Complaint };

/** Text stays as it is: `[::1]:9080` and `{protocol}.x/{port}` are no YAML, and the version 3.10 is no number. */
function readValue(field: Field, text: string): Read {
  const trimmed = text.trim();
  if (field.nullable && /^(null|~)$/i.test(trimmed)) return { ok: true, value: null };
  if (isText(field)) {
    return /^(".*"|'.*')$/s.test(trimmed) ? readYaml(trimmed) : { ok: true, value: text };
  }
  if (field.kind === 'list' && isText(field.children[0]) && !/^(\[|- )/.test(trimmed)) {
    // Docker leaves the quotes of its --env-file where they are.
    return {
      ok: true,
      value: unquote(trimmed)
        .split(',')
        .map((part) => unquote(part.trim())),
    };
  }
  return readYaml(text);
}

function unquote(text: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
}

function isText(field: Field | undefined): boolean {
  return field?.kind === 'text' || field?.kind === 'choice';
}

function readYaml(text: string): Read {
  try {
    return { ok: true, value: parse(text, { prettyErrors: false }) };
  } catch {
    return {
      ok: false,
      mistake: { message: 'is not valid YAML', hint: 'write it as in the file, on one line: {a: 1}, [a, b]' },
    };
  }
}

/** Sets a value, and makes the objects and lists on the way where there are none. */
function place(root: { value: unknown }, path: ValuePath, value: unknown): Complaint | undefined {
  let holder: object = root;
  let key: string | number = 'value';
  for (const [depth, step] of path.entries()) {
    const container = openContainer(holder, key, path.slice(0, depth), step);
    if (Array.isArray(container) && typeof step === 'number' && step > container.length) {
      return { message: 'leaves a gap in the list', hint: `the next free number is ${container.length}` };
    }
    [holder, key] = [container, step];
  }
  Reflect.set(holder, key, value);
  return undefined;
}

function openContainer(holder: object, key: string | number, path: ValuePath, step: string | number): object {
  const present: unknown = Reflect.get(holder, key);
  const fits = typeof step === 'number' ? Array.isArray(present) : isObject(present);
  if (fits && typeof present === 'object' && present !== null) return present;
  // An item of a list that is not written changes the default list.
  const standard = present === undefined ? findField(path)?.standard : undefined;
  const made = typeof step === 'number' ? (Array.isArray(standard) ? structuredClone(standard) : []) : {};
  Reflect.set(holder, key, made);
  return made;
}

function findVariable(places: ReadonlyMap<string, string>, path: ValuePath) {
  for (let length = path.length; length > 0; length--) {
    const where = places.get(toFieldPath(path.slice(0, length)));
    if (where !== undefined) return { where, offset: 0 };
  }
  return undefined;
}
