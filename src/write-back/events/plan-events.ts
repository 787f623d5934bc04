import { toHolderKey, type HeldPort, type LedgerState } from '../../model/ports.ts';
import type { Subject } from '../../model/problem.ts';

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

/**
 * Word of each port that was given since `before`, and of those whose holder is in `others`: another Service than before. Of
 * `planWarnings` come the Events that tell of problems.
 */
export function planEvents(
  before: LedgerState,
  after: LedgerState,
  others: ReadonlySet<string> = new Set(),
): readonly EventNote[] {
  if (before === after && others.size === 0) return [];
  const known = new Set(before.entries.filter(isHeld).map(toPortKey));
  return after.entries
    .filter(isHeld)
    .filter((entry) => others.has(toHolderKey(entry.holder)) || !known.has(toPortKey(entry)))
    .map(toPortNote);
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
