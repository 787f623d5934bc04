import { append } from '../../lib/group-by.ts';
import { compareText, toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem-codes.ts';
import { isKind } from '../../kinds/index.ts';
import { toNote, type EventContent } from './event.ts';

/** The one Warning Event that should be there for an object and a code. */
export interface Warning {
  /** Of several problems, the first by field and message. */
  readonly first: Problem;
  /** How many others of this code the object has. */
  readonly more: number;
  /** Of the object; undefined when it is not known. */
  readonly uid: string | undefined;
}

/** The Warnings of each source. */
export type Warnings = ReadonlyMap<string, readonly Warning[]>;

/** Who is given an equal one again can tell at once that nothing has changed: most problems outlive most changes. */
const made = new WeakMap<Problem, Warning>();

/**
 * The Warning Events that should be there, and no others: one for each object and code that has problems. Problems that are only
 * information, and those that are about no object, make none. It does not depend on the order of the problems. A Warning that is
 * about the very same problem as in an earlier plan, and equal, is the very same object.
 */
export function planWarnings(
  problems: readonly Problem[],
  uidOf: (about: ObjectKey) => string | undefined,
): Warnings {
  const groups = new Map<string, Warning>();
  for (const problem of problems) {
    const { severity, subject, code } = problem;
    if (severity === 'info' || !isKind(subject.kind)) continue;
    const object = toObjectKey(subject);
    const key = `${object}|${code}`;
    const known = groups.get(key);
    if (known === undefined)
      groups.set(key, { first: problem, more: count(problem) - 1, uid: uidOf(object) });
    else {
      const first = byText(problem, known.first) < 0 ? problem : known.first;
      groups.set(key, { first, more: known.more + count(problem), uid: known.uid });
    }
  }
  const bySource = new Map<string, Warning[]>();
  for (const warning of groups.values()) append(bySource, warning.first.subject.source, toSame(warning));
  return bySource;
}

/** What its Event says. */
export function toWarningContent({ first, more, uid }: Warning): EventContent {
  const { code, subject, field, message, hint } = first;
  const others = more > 0 ? ` (And ${more} more of this kind.)` : '';
  return {
    type: 'Warning',
    reason: toReason(code),
    action: 'Routing',
    about: subject,
    uid,
    note: toNote(`${toSentence(field, message)} ${hint}`, others),
  };
}

/** The reason of the Event of a problem: `PoolExhausted` for `pool-exhausted`. */
export function toReason(code: ProblemCode): string {
  return code.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function toSame(warning: Warning): Warning {
  const known = made.get(warning.first);
  if (known !== undefined && known.more === warning.more && known.uid === warning.uid) return known;
  made.set(warning.first, warning);
  return warning;
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

function toSentence(field: string, message: string): string {
  const text = field === '' ? message.slice(0, 1).toUpperCase() + message.slice(1) : `${field}: ${message}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
