import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import { isGatewayHolder, sniPortKind, type HeldPort, type LedgerState } from '../../model/ports.ts';
import { toClaimKey } from '../../ports/claim.ts';
import { toHeldAddresses } from '../../ports/port-address.ts';
import { listPortChanges, type PortChange } from '../../ports/port-changes.ts';
import type { RebuiltState } from '../rebuilt-state.ts';
import { toNote, type EventContent } from './event.ts';

/** A fleet may have more addresses than fit into a note. */
const mostAddresses = 3;

/** The Normal Events of ports. docs/kubernetes.md lists their reasons. */
export const portEvents: Readonly<Record<PortChange['kind'], Pick<EventContent, 'action' | 'reason'>>> = {
  allocated: { reason: 'PortAllocated', action: 'Allocating' },
  returned: { reason: 'PortReturned', action: 'Allocating' },
  moved: { reason: 'PortMoved', action: 'Allocating' },
  released: { reason: 'PortReleased', action: 'Releasing' },
};

/**
 * One Event for each port that was allocated, given back to its holder, moved or released since `before` (a former `lastAnnounced`), and
 * one for each port of a holder in `replaced`: another Service of the name. What is gone has none.
 */
export function planPortEvents(
  before: LedgerState,
  rebuilt: Pick<RebuiltState, 'fleets' | 'lastAnnounced' | 'ledger' | 'object' | 'portUsersOf'>,
  replaced: ReadonlySet<ObjectKey> = new Set(),
): readonly EventContent[] {
  const changes = listPortChanges(before, rebuilt.lastAnnounced);
  const changed = new Set(changes.map(({ held }) => toClaimKey(held)));
  const kept = (replaced.size === 0 ? [] : rebuilt.ledger.entries).flatMap((held): readonly PortChange[] => {
    if (held.state !== 'held' || !replaced.has(toObjectKey(held.holder))) return [];
    return changed.has(toClaimKey(held)) ? [] : [{ kind: 'allocated', held }];
  });
  return [...changes, ...kept].flatMap((change) => {
    const key = toObjectKey(change.held.holder);
    const note = toNote(toText(change, toHeldAddresses(change.held, rebuilt.fleets)));
    const isShared = change.held.holder.kind === sniPortKind;
    return (isShared ? rebuilt.portUsersOf(key) : [key]).flatMap((user): readonly EventContent[] => {
      const object = rebuilt.object(user);
      // The other Service of the name never had it.
      if (object === undefined || (change.kind === 'released' && replaced.has(user))) return [];
      const { ref, uid } = object.meta;
      const about = isShared ? ref : change.held.holder;
      return [{ type: 'Normal', ...portEvents[change.kind], about, uid, note }];
    });
  });
}

function toText(change: PortChange, addresses: readonly string[]): string {
  const { fleet, port, protocols } = change.held;
  const on = protocols.map((protocol) => protocol.toUpperCase()).join(' and ');
  const more = addresses.length > mostAddresses ? ` and ${addresses.length - mostAddresses} more` : '';
  const where = addresses.length === 0 ? '' : `, ${addresses.slice(0, mostAddresses).join(', ')}${more}`;
  const place = `${on} port ${port} of the fleet ${fleet}${where}`;
  const target = toTarget(change.held);
  switch (change.kind) {
    case 'allocated':
      return `${target} is reached on ${place}.`;
    case 'returned':
      return `${target} is reached again on ${place}.`;
    case 'moved':
      return `${target} has moved from port ${change.from} to ${place}.`;
    case 'released':
      return `${target} is no longer reached on ${place}.`;
  }
}

function toTarget({ holder, part, servicePort }: HeldPort): string {
  if (holder.kind === sniPortKind) return `The shared port ${holder.name}`;
  if (isGatewayHolder(holder)) return part === undefined ? 'The route' : `The listener ${part.name}`;
  return `Port ${servicePort}${part === undefined ? '' : ` of the ${part.kind} ${part.name}`}`;
}
