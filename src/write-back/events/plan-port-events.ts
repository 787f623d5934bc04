import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import type { HeldPort, LedgerState } from '../../model/ports.ts';
import { toHoldKey } from '../../ports/claim.ts';
import type { Subject } from '../../model/problem.ts';
import type { EventContent } from './event.ts';

/** One Event for each port that was given since `before`, and for those whose holder is in `replaced`: another Service of the name. */
export function planPortEvents(
  before: LedgerState,
  after: LedgerState,
  replaced: ReadonlySet<ObjectKey> = new Set(),
  uidOf: (about: Subject) => string | undefined,
): readonly EventContent[] {
  if (before === after && replaced.size === 0) return [];
  const known = new Set(before.entries.filter(isHeld).map(toHoldKey));
  return after.entries
    .filter(isHeld)
    .filter((entry) => replaced.has(toObjectKey(entry.holder)) || !known.has(toHoldKey(entry)))
    .map((entry) => toPortEvent(entry, uidOf));
}

function isHeld(entry: LedgerState['entries'][number]): entry is HeldPort {
  return entry.state === 'held';
}

function toPortEvent(held: HeldPort, uidOf: (about: Subject) => string | undefined): EventContent {
  const { fleet, port, protocols, holder, servicePort } = held;
  const names = protocols.map((protocol) => protocol.toUpperCase()).join(' and ');
  return {
    type: 'Normal',
    reason: 'PortAllocated',
    action: 'Allocating',
    about: holder,
    uid: uidOf(holder),
    note: `Port ${servicePort} is reached on ${names} port ${port} of the fleet ${fleet}.`,
  };
}
