import { compareText } from '../../model/object-ref.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import type { LedgerEntry, LedgerState } from '../../model/ports.ts';
import { isSameHolder, poolProtocols } from './pool.ts';

/**
 * A working copy of the ledger by (fleet, protocol, port), so that no such slot can have two entries.
 * The `protocols` of an entry in here may name more than the slots that still point to it.
 */
export interface Slots {
  get(fleet: string, protocol: PoolProtocol, port: Port): LedgerEntry | undefined;
  set(protocol: PoolProtocol, entry: LedgerEntry): void;
  /** Every slot that is held now. */
  held(): Iterable<{ readonly protocol: PoolProtocol; readonly entry: LedgerEntry }>;
  /** The very object that the slots were made of while nothing was set. */
  toState(): LedgerState;
}

type FleetSlots = Readonly<Record<PoolProtocol, Map<Port, LedgerEntry>>>;

export function createSlots(state: LedgerState): Slots {
  const fleets = new Map<string, FleetSlots>();
  let changed = false;
  const put = (protocol: PoolProtocol, entry: LedgerEntry): void => {
    let slots = fleets.get(entry.fleet);
    if (slots === undefined) fleets.set(entry.fleet, (slots = { tcp: new Map(), udp: new Map() }));
    slots[protocol].set(entry.port, entry);
  };
  for (const entry of state.entries) {
    for (const protocol of entry.protocols) put(protocol, entry);
  }
  return {
    get: (fleet, protocol, port) => fleets.get(fleet)?.[protocol].get(port),
    set(protocol, entry) {
      changed = true;
      put(protocol, entry);
    },
    *held() {
      for (const slots of fleets.values()) {
        for (const protocol of poolProtocols) {
          for (const entry of slots[protocol].values()) {
            if (entry.state === 'held') yield { protocol, entry };
          }
        }
      }
    },
    toState: () => (changed ? { entries: toEntries(fleets) } : state),
  };
}

/** Orders entries as the ledger keeps them: by fleet, port, protocols. */
export function byPlace(a: LedgerEntry, b: LedgerEntry): number {
  return (
    compareText(a.fleet, b.fleet) || a.port - b.port || compareText(a.protocols.join(), b.protocols.join())
  );
}

function toEntries(fleets: ReadonlyMap<string, FleetSlots>): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const { tcp, udp } of fleets.values()) {
    for (const [port, entry] of tcp) {
      const other = udp.get(port);
      if (other !== undefined && belongTogether(entry, other)) {
        entries.push(withProtocols(elder(entry, other), poolProtocols));
      } else {
        entries.push(withProtocols(entry, ['tcp']));
        if (other !== undefined) entries.push(withProtocols(other, ['udp']));
      }
    }
    for (const [port, entry] of udp) {
      if (!tcp.has(port)) entries.push(withProtocols(entry, ['udp']));
    }
  }
  return entries.sort(byPlace);
}

function belongTogether(a: LedgerEntry, b: LedgerEntry): boolean {
  if (a === b) return true;
  if (a.servicePort !== b.servicePort || !isSameHolder(a.holder, b.holder)) return false;
  if (a.state === 'resting') return b.state === 'resting' && a.freed === b.freed;
  // A Service port holds a number since it first did, whichever protocol came later.
  return b.state === 'held';
}

function elder(a: LedgerEntry, b: LedgerEntry): LedgerEntry {
  return a.state === 'held' && b.state === 'held' && b.since < a.since ? b : a;
}

/** The same object where it already fits: what did not change stays equal by identity. */
function withProtocols(entry: LedgerEntry, protocols: readonly PoolProtocol[]): LedgerEntry {
  return entry.protocols.length === protocols.length && entry.protocols[0] === protocols[0]
    ? entry
    : { ...entry, protocols };
}
