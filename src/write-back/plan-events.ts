import type { Kind } from '../model/object-ref.ts';
import type { HeldPort, LedgerState } from '../model/ports.ts';
import { toHolderKey } from '../model/ports.ts';
import type { Problem, Subject } from '../model/problem.ts';

/** What Kubernetes Events are made of. */
export interface EventView {
  readonly problems: readonly Problem[];
  /** What is durable. */
  readonly ledger: LedgerState;
}

/** One thing to tell about one object. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** In one word, such as `PoolExhausted`. */
  readonly reason: string;
  /** What Fairlead was doing. */
  readonly action: string;
  readonly about: Subject;
  readonly note: string;
}

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

/**
 * What is new since `before`: a Warning for each object and code that has a problem it had not, and word of each port that was
 * given. Undefined before: every problem is new, and no port. Problems that are worth knowing only, and those that are about
 * no object, make no Event.
 */
export function planEvents(before: EventView | undefined, after: EventView): readonly EventNote[] {
  const known = new Set((before?.problems ?? []).map(toProblemKey));
  const fresh = after.problems.filter((problem) => isTold(problem) && !known.has(toProblemKey(problem)));
  const groups = new Map<string, { readonly first: Problem; more: number }>();
  for (const problem of fresh) {
    const key = `${problem.code}|${toSubjectKey(problem.subject)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: problem, more: 0 });
    else group.more += 1;
  }
  const ports = before === undefined ? [] : toNewPorts(before.ledger, after.ledger);
  return [...[...groups.values()].map(toWarning), ...ports.map(toPortNote)];
}

function isTold({ severity, subject }: Problem): boolean {
  return severity !== 'info' && objectKinds.has(subject.kind);
}

function toProblemKey({ code, subject, field, message }: Problem): string {
  return `${code}|${toSubjectKey(subject)}|${field}|${message}`;
}

function toSubjectKey({ source, kind, namespace, name }: Subject): string {
  return `${source}|${kind}/${namespace}/${name}`;
}

function toWarning({ first, more }: { readonly first: Problem; readonly more: number }): EventNote {
  const { code, subject, message, hint } = first;
  const others = more > 0 ? ` (And ${more} more of this kind.)` : '';
  return {
    type: 'Warning',
    reason: toReason(code),
    action: 'Routing',
    about: subject,
    note: `${cut(`${toSentence(message)} ${hint}`, mostNote - others.length)}${others}`,
  };
}

/** `pool-exhausted` as `PoolExhausted`. */
function toReason(code: string): string {
  return code.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function toSentence(message: string): string {
  const first = message.slice(0, 1).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}

function toNewPorts(before: LedgerState, after: LedgerState): readonly HeldPort[] {
  const known = new Set(before.entries.filter(isHeld).map(toPortKey));
  return after.entries.filter(isHeld).filter((entry) => !known.has(toPortKey(entry)));
}

function isHeld(entry: LedgerState['entries'][number]): entry is HeldPort {
  return entry.state === 'held';
}

function toPortKey({ fleet, port, protocols, holder, servicePort }: HeldPort): string {
  return `${fleet}|${port}|${protocols.join()}|${toHolderKey(holder)}|${servicePort}`;
}

function toPortNote({ fleet, port, protocols, holder, servicePort }: HeldPort): EventNote {
  const names = protocols.map((protocol) => protocol.toUpperCase()).join(' and ');
  return {
    type: 'Normal',
    reason: 'PortAllocated',
    action: 'Allocating',
    about: { source: holder.source, kind: 'Service', namespace: holder.namespace, name: holder.name },
    note: `Port ${servicePort} is reached on ${names} port ${port} of the fleet ${fleet}.`,
  };
}
