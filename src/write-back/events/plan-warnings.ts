import { compareText, toObjectKey, type Kind, type ObjectKey } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { EventNote } from './plan-events.ts';

/** The one Warning Event that should be there for an object and a code. */
export interface Warning {
  /** The problem that is told: of several, the first by field and message. */
  readonly first: Problem;
  /** How many others of this code the object has. */
  readonly more: number;
  /** Of the object; undefined when it is not known. */
  readonly uid: string | undefined;
}

/** The Warnings of each source, by object and code. */
export type Warnings = ReadonlyMap<string, ReadonlyMap<string, Warning>>;

/** Kubernetes refuses longer ones. */
const mostNote = 1024;

const objectKinds: ReadonlySet<string> = new Set<Kind>([
  'ConfigMap',
  'EndpointSlice',
  'Ingress',
  'IngressClass',
  'Secret',
  'Service',
]);

interface Place {
  readonly object: ObjectKey;
  readonly warning: string;
}

/** Making the keys of thousands of problems that have not changed would be most of the work. */
const places = new WeakMap<Problem, Place>();

/**
 * The Warning Events that should be there, and no others: one for each object and code that has problems. Problems that are
 * worth knowing only, and those that are about no object, make none. It does not depend on the order of the problems.
 * Warnings that are the same as in `former` are the very same objects.
 */
export function planWarnings(
  problems: readonly Problem[],
  uidOf: (about: ObjectKey) => string | undefined,
  former: Warnings = new Map(),
): Warnings {
  const groups = new Map<string, Map<string, Warning>>();
  for (const problem of problems) {
    if (!isTold(problem)) continue;
    const { source } = problem.subject;
    const group = groups.get(source) ?? new Map<string, Warning>();
    if (group.size === 0) groups.set(source, group);
    const { warning: key, object } = toPlace(problem);
    const known = group.get(key);
    group.set(
      key,
      known === undefined
        ? { first: problem, more: count(problem) - 1, uid: uidOf(object) }
        : join(known, problem),
    );
  }
  for (const [source, group] of groups) {
    for (const [key, known] of former.get(source) ?? []) {
      const warning = group.get(key);
      if (warning !== undefined && isSame(warning, known)) group.set(key, known);
    }
  }
  return groups;
}

/** What is told. Kubernetes shows the reason as one word, such as `PoolExhausted`. */
export function toWarningNote({ first, more }: Warning): EventNote {
  const { code, subject, field, message, hint } = first;
  const others = more > 0 ? ` (And ${more} more of this kind.)` : '';
  return {
    type: 'Warning',
    reason: toReason(code),
    action: 'Routing',
    about: subject,
    note: `${cut(`${toSentence(field, message)} ${hint}`, mostNote - others.length)}${others}`,
  };
}

function isTold({ severity, subject }: Problem): boolean {
  return severity !== 'info' && objectKinds.has(subject.kind);
}

function toPlace(problem: Problem): Place {
  const known = places.get(problem);
  if (known !== undefined) return known;
  const object = toObjectKey(problem.subject);
  const place = { object, warning: `${object}|${problem.code}` };
  places.set(problem, place);
  return place;
}

function join(known: Warning, problem: Problem): Warning {
  const first = byText(problem, known.first) < 0 ? problem : known.first;
  return { first, more: known.more + count(problem), uid: known.uid };
}

/** One that stands for others counts as they do. */
function count({ more = 1 }: Problem): number {
  return more;
}

function byText(a: Problem, b: Problem): number {
  // What stands for others says nothing of itself.
  const rest = Number(a.more !== undefined) - Number(b.more !== undefined);
  return (
    rest || compareText(a.field, b.field) || compareText(a.message, b.message) || compareText(a.hint, b.hint)
  );
}

function isSame(a: Warning, b: Warning): boolean {
  return a.more === b.more && a.uid === b.uid && (a.first === b.first || byText(a.first, b.first) === 0);
}

/** `pool-exhausted` as `PoolExhausted`. */
function toReason(code: string): string {
  return code.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function toSentence(field: string, message: string): string {
  const text = field === '' ? message.slice(0, 1).toUpperCase() + message.slice(1) : `${field}: ${message}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
