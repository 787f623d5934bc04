import type { ObjectRef } from './object-ref.ts';
import type { PoolProtocol, Port } from './port.ts';

/** A Service that holds or claims pool ports: by name, so that one deleted and made again is the same holder. */
export interface Holder {
  readonly source: string;
  readonly namespace: string;
  readonly name: string;
}

/** One Service port that asks for one pool port of one fleet. */
export interface PortClaim {
  readonly fleet: string;
  readonly holder: Holder;
  /** For seniority: the older Service is settled first. */
  readonly created?: string;
  readonly servicePort: number;
  /** Both, sorted, when the Service has this port number on TCP and on UDP: they get the same pool port. */
  readonly protocols: readonly PoolProtocol[];
  /** The pool port asked for by number. */
  readonly requested?: Port;
  /** The annotation that asks, for problems. */
  readonly field: string;
}

/** A pool port in the ledger: held, or resting since it was given back. */
export type LedgerEntry = HeldPort | RestingPort;

interface EntryBase {
  readonly fleet: string;
  readonly port: Port;
  readonly protocols: readonly PoolProtocol[];
  /** Who holds it, or held it last: a Service that comes back gets its port again. */
  readonly holder: Holder;
  readonly servicePort: number;
}

export interface HeldPort extends EntryBase {
  readonly state: 'held';
  /** RFC 3339, UTC. */
  readonly since: string;
}

export interface RestingPort extends EntryBase {
  readonly state: 'resting';
  /** When it was given back: RFC 3339, UTC. */
  readonly freed: string;
}

/** Everything that is known about pool ports. Immutable; entries sorted by fleet, port, protocols. */
export interface LedgerState {
  readonly entries: readonly LedgerEntry[];
}

export const emptyLedger: LedgerState = { entries: [] };

export function toHolder(service: ObjectRef): Holder {
  return { source: service.source, namespace: service.namespace, name: service.name };
}

/** A `Holder` as one string that is equal for equal holders, for maps. */
export function toHolderKey(holder: Holder): string {
  return `${holder.source}|${holder.namespace}/${holder.name}`;
}

/** The ports that each holder has, by `toHolderKey`. */
export function toHeldPorts({ entries }: LedgerState): ReadonlyMap<string, readonly HeldPort[]> {
  const held = new Map<string, HeldPort[]>();
  for (const entry of entries) {
    if (entry.state !== 'held') continue;
    const key = toHolderKey(entry.holder);
    const known = held.get(key);
    if (known === undefined) held.set(key, [entry]);
    else known.push(entry);
  }
  return held;
}
