import { compareText } from '../../model/object-ref.ts';
import type { FormerHold, HeldPort, LedgerState } from '../../model/ports.ts';
import { toClaimKey, toPortKey, toTenantKey, type ClaimKey, type PortKey, type TenantKey } from '../claim.ts';

/** The newest are kept: so many in all, of one port, and of one namespace, so that nobody fills it alone. */
const most = { inAll: 500, ofPort: 5, ofNamespace: 50 } as const;

/** The oldest first; total for what one ledger can hold. */
export function byEnd(a: FormerHold, b: FormerHold): number {
  return (
    compareText(a.until, b.until) ||
    compareText(a.fleet, b.fleet) ||
    a.port - b.port ||
    compareText(a.protocols.join(), b.protocols.join())
  );
}

/**
 * `after` with what was held in `before` and is not any more added to its history; the very object when there is no such thing.
 * @param until When that ended: RFC 3339, UTC.
 */
export function withHistory(before: LedgerState, after: LedgerState, until: string): LedgerState {
  if (before === after) return after;
  const held = toHolds(after);
  const ended = before.entries.flatMap((entry): readonly FormerHold[] => {
    if (entry.state !== 'held') return [];
    const key = toClaimKey(entry);
    const protocols = entry.protocols.filter(
      (protocol) => held.get(toPortKey(entry.fleet, protocol, entry.port)) !== key,
    );
    return protocols.length === 0 ? [] : [{ ...toHold(entry), protocols, until }];
  });
  return ended.length === 0 ? after : { ...after, history: keepNewest([...(after.history ?? []), ...ended]) };
}

function toHolds({ entries }: LedgerState): ReadonlyMap<PortKey, ClaimKey> {
  const held = new Map<PortKey, ClaimKey>();
  for (const entry of entries) {
    if (entry.state !== 'held') continue;
    const key = toClaimKey(entry);
    for (const protocol of entry.protocols) held.set(toPortKey(entry.fleet, protocol, entry.port), key);
  }
  return held;
}

function toHold({ state: _state, ...hold }: HeldPort): Omit<FormerHold, 'until'> {
  return hold;
}

function keepNewest(holds: readonly FormerHold[]): readonly FormerHold[] {
  const ofPort = new Map<PortKey, number>();
  const ofNamespace = new Map<TenantKey, number>();
  const kept: FormerHold[] = [];
  for (const hold of holds.toSorted(byEnd).toReversed()) {
    const ports = hold.protocols.map((protocol) => toPortKey(hold.fleet, protocol, hold.port));
    const tenant = toTenantKey(hold, hold.pool);
    const isFull =
      kept.length >= most.inAll ||
      (ofNamespace.get(tenant) ?? 0) >= most.ofNamespace ||
      ports.some((port) => (ofPort.get(port) ?? 0) >= most.ofPort);
    if (isFull) continue;
    for (const port of ports) ofPort.set(port, (ofPort.get(port) ?? 0) + 1);
    ofNamespace.set(tenant, (ofNamespace.get(tenant) ?? 0) + 1);
    kept.push(hold);
  }
  return kept.toReversed();
}
