import type { PoolProtocol, Port } from './port.ts';

/** An object that holds or claims pool ports: by name, so that one deleted and made again is the same holder. */
export interface Holder {
  readonly source: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What within its holder a port is for: one endpoint by its hostname, or one listener. */
export interface HolderPart {
  readonly kind: 'endpoint' | 'listener';
  readonly name: string;
}

/** What a pool port is given to and kept for. Two are the same exactly when `toClaimKey` is equal. */
export interface ClaimIdentity {
  readonly fleet: string;
  readonly holder: Holder;
  /** Absent: the port is for the object as a whole. */
  readonly part?: HolderPart;
  readonly servicePort: number;
}

/** The kind of a holder that is no object: a port that Services of one namespace share under a name, and tell apart by SNI. */
export const sniPortKind = 'SniPort';

/** The kinds of holders whose pool ports are those of their listeners, or their own, rather than those of numbered ports. */
const gatewayHolders: ReadonlySet<string> = new Set(['Gateway', 'ListenerSet', 'TCPRoute', 'UDPRoute']);

/** Whether a holder is an object of the Gateway API. */
export function isGatewayHolder({ kind }: Pick<Holder, 'kind'>): boolean {
  return gatewayHolders.has(kind);
}

/**
 * What stands as the Service port of such a holder: always the same, so that a listener keeps its pool port whatever number its object
 * gives it.
 */
export const noServicePort = 1;

/** One of the Services that share a port. */
export interface Sharer {
  readonly ref: Holder;
  /** The ports of its own to which it leads. */
  readonly servicePorts: readonly number[];
}

/** The first pool of a fleet: the one that every fleet has. */
export const defaultPool = 'default';

/** One Service port, or listener, that asks for one pool port of one fleet. */
export interface PortClaim extends ClaimIdentity {
  /** The pools of the fleet that it may have a port of, the preferred one first. */
  readonly pools: readonly string[];
  /** The pool that it asks for by name: it gets a port of that one or none. Not among `pools`: it may not have it. */
  readonly pool?: string;
  /** Set: the holder is a name, and this is the Service that asks under it. Others may ask for the same. */
  readonly sharer?: Sharer;
  /** For seniority: the older holder is settled first. */
  readonly created?: string;
  /** Both, sorted, when the Service has this port number on TCP and on UDP: they get the same pool port. */
  readonly protocols: readonly PoolProtocol[];
  /** The pool port asked for by number. */
  readonly requested?: Port;
  /** Whether it is to have consecutive numbers with the other claims of its holder and part that say so. */
  readonly contiguous?: true;
  /** The object whose ports it takes over, with the consent of both. */
  readonly takesFrom?: Holder;
  /** The annotation that asks, for problems. */
  readonly field: string;
}

/** A pool port in the ledger: held, or cooling down since it was given back. */
export type LedgerEntry = HeldPort | CoolingPort;

/** A pool port, and who holds it or held it last: what comes back gets its port again. */
interface EntryBase extends ClaimIdentity {
  /** The pool that it was given from. Where the settings have the number in another one by now, that one counts. */
  readonly pool: string;
  readonly port: Port;
  readonly protocols: readonly PoolProtocol[];
}

export interface HeldPort extends EntryBase {
  readonly state: 'held';
  /** RFC 3339, UTC. */
  readonly since: string;
}

export interface CoolingPort extends EntryBase {
  readonly state: 'cooling';
  /** When it was given back: RFC 3339, UTC. */
  readonly freed: string;
}

/** Who held a pool port before, from when to when (RFC 3339, UTC). */
export interface FormerHold extends EntryBase {
  readonly since: string;
  readonly until: string;
}

/** A bank of a fleet whose ports are handed out, because a Traefik listens on them. */
export interface OpenBank {
  readonly fleet: string;
  readonly bank: number;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** When a Traefik was last seen to poll for it: RFC 3339, UTC. */
  readonly polled?: string;
}

/** Everything that is known about pool ports. Immutable; entries sorted by fleet, port, protocols. */
export interface LedgerState {
  readonly entries: readonly LedgerEntry[];
  /** The oldest first. Absent: none. */
  readonly history?: readonly FormerHold[];
  /** Besides those that are always open. Absent: none. */
  readonly banks?: readonly OpenBank[];
}

export const emptyLedger: LedgerState = { entries: [] };
