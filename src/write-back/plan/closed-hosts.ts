import { toObjectKey, type ObjectKey, type ObjectRef } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { Condition, ParentStatus } from '../../routes/status.ts';

/** Whether a problem says of a host of a route of the Gateway API that it is closed, since Traefik could not ask its clients for certificates. */
export function isClosedHost({ code, subject }: Pick<Problem, 'code' | 'subject'>): boolean {
  return code === 'ingress-tls-options-conflict' && subject.kind.endsWith('Route');
}

const type = 'PartiallyInvalid';
/** Each has a line of its own in the condition. */
const mostHosts = 8;

/** The hosts of routes that are closed for want of an exact name, or of the authorities that others ask for, for one plan. */
export class ClosedHosts {
  readonly #problems: () => readonly Problem[];
  #known: ReadonlyMap<ObjectKey, readonly Problem[]> | undefined;

  constructor(problems: () => readonly Problem[]) {
    this.#problems = problems;
  }

  /** What the status of a route says of a parent that has accepted it: which of its hosts are closed there. */
  ofParent(route: ObjectRef, parent: ParentStatus): ParentStatus {
    this.#known ??= group(this.#problems());
    const closed = this.#known.get(toObjectKey(route)) ?? [];
    if (closed.length === 0 || parent.attached.length === 0) return parent;
    const former = parent.conditions.find((each) => each.type === type);
    const others = parent.conditions.filter((each) => each.type !== type);
    return { ...parent, conditions: [...others, toCondition(former, closed)] };
  }
}

function toCondition(former: Condition | undefined, closed: readonly Problem[]): Condition {
  const lines = [...new Set(closed.map(({ message, hint }) => `${message}. ${hint}`))];
  // As the specification wants such messages to begin.
  const first = former?.message ?? 'Dropped Rule for some hosts.';
  const reason = former?.reason ?? 'UnsupportedValue';
  return { type, status: 'True', reason, message: [first, ...lines.slice(0, mostHosts)].join(' ') };
}

function group(problems: readonly Problem[]): ReadonlyMap<ObjectKey, readonly Problem[]> {
  const groups = new Map<ObjectKey, Problem[]>();
  for (const problem of problems) {
    if (!isClosedHost(problem)) continue;
    const key = toObjectKey(problem.subject);
    const known = groups.get(key) ?? [];
    known.push(problem);
    groups.set(key, known);
  }
  return groups;
}
