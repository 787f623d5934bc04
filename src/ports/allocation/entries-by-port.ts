import { compareText } from '../../model/object-ref.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import type { LedgerEntry, LedgerState } from '../../model/ports.ts';
import { isSameClaim } from '../claim.ts';
import { poolProtocols } from './pool.ts';

/**
 * A working copy of the ledger by (fleet, protocol, port), so that no port can have two entries.
 * The `protocols` of an entry in here may name more than those on which it still is the entry.
 */
export interface EntriesByPort {
  get(fleet: string, protocol: PoolProtocol, port: Port): LedgerEntry | undefined;
  set(protocol: PoolProtocol, entry: LedgerEntry): void;
  /** Every entry of now, once for each protocol. */
  all(): Iterable<{ readonly protocol: PoolProtocol; readonly entry: LedgerEntry }>;
  /** The very object that this was made of while nothing was set. */
  toState(): LedgerState;
}

type FleetEntries = Readonly<Record<PoolProtocol, Map<Port, LedgerEntry>>>;

export function indexByPort(state: LedgerState): EntriesByPort {
  const fleets = new Map<string, FleetEntries>();
  let changed = false;
  const put = (protocol: PoolProtocol, entry: LedgerEntry): void => {
    let entries = fleets.get(entry.fleet);
    if (entries === undefined) fleets.set(entry.fleet, (entries = { tcp: new Map(), udp: new Map() }));
    entries[protocol].set(entry.port, entry);
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
    *all() {
      for (const entries of fleets.values()) {
        for (const protocol of poolProtocols) {
          for (const entry of entries[protocol].values()) yield { protocol, entry };
        }
      }
    },
    toState: () => (changed ? { ...state, entries: toEntries(fleets) } : state),
  };
}

/** Orders entries as the ledger keeps them: by fleet, port, protocols. */
export function byPlace(a: LedgerEntry, b: LedgerEntry): number {
  return (
    compareText(a.fleet, b.fleet) || a.port - b.port || compareText(a.protocols.join(), b.protocols.join())
  );
}

function toEntries(fleets: ReadonlyMap<string, FleetEntries>): readonly LedgerEntry[] {
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
  if (!isSameClaim(a, b)) return false;
  if (a.state === 'cooling') return b.state === 'cooling' && a.freed === b.freed;
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
