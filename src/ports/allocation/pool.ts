import type { Holder, LedgerEntry, PortClaim, RestingPort } from '../../model/ports.ts';
import { toHolderKey } from '../../model/ports.ts';
import { inRange, type PoolProtocol, type Port, type PortRange } from '../../model/port.ts';
import type { FleetPorts, FleetSettings } from '../../settings/settings.ts';

/** What port allocation needs to know of a fleet. */
export type FleetPools = Pick<FleetSettings, 'name' | 'ports'>;

export const poolProtocols: readonly PoolProtocol[] = ['tcp', 'udp'];

/**
 * Whether the configured pool has this port. A held port for which this is false is lost: it stays in
 * the ledger but must not be routed, because no entryPoint listens on it.
 */
export function isInPool(ports: FleetPorts | undefined, protocol: PoolProtocol, port: Port): boolean {
  const pool = ports?.pools[protocol];
  return pool !== undefined && inRange(pool.range, port);
}

/** Whether a port may be asked for by number. */
export function isRequestable(ports: FleetPorts, port: Port): boolean {
  return ports.requestable === null || inRange(ports.requestable, port);
}

/** Whether a port may be given to a Service that asked for any port. */
export function isHandedOut(ports: FleetPorts, port: Port): boolean {
  return ports.requestable === null || !inRange(ports.requestable, port);
}

/**
 * From when on another Service may get a resting port, in milliseconds since 1970. At least one
 * millisecond after it was given back, also without a cooldown: one pass never gives to one Service
 * what it takes from another.
 */
export function restsUntil(entry: RestingPort, cooldownMs: number): number {
  return Date.parse(entry.freed) + Math.max(cooldownMs, 1);
}

/** The Service port that an entry or a claim is about, as one string for maps. */
export function toClaimKey(of: Pick<PortClaim | LedgerEntry, 'fleet' | 'holder' | 'servicePort'>): string {
  return `${of.servicePort}|${toHolderKey(of.holder)}|${of.fleet}`;
}

export function isSameHolder(a: Holder, b: Holder): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.source === b.source;
}

/** Whether an entry is held by the very Service port that claims. */
export function isHeldBy(
  entry: LedgerEntry | undefined,
  claim: Pick<PortClaim, 'holder' | 'servicePort'>,
): boolean {
  return (
    entry?.state === 'held' &&
    entry.servicePort === claim.servicePort &&
    isSameHolder(entry.holder, claim.holder)
  );
}

/** `20000-20099`, as the settings have it. */
export function toRangeText(range: PortRange): string {
  return `${range.from}-${range.to}`;
}
