import type { CoolingPort } from '../../model/ports.ts';
import { inRange, type PoolProtocol, type Port, type PortRange } from '../../model/port.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import type { FleetSettings } from '../../settings/settings.ts';

/** What port allocation needs to know of a fleet. */
export type FleetPools = Pick<FleetSettings, 'name' | 'pools'>;

export const poolProtocols: readonly PoolProtocol[] = ['tcp', 'udp'];

/** What is configured of one pool of a fleet; undefined when it has none of this name. */
export function findPool(fleet: FleetPools | undefined, pool: string): PortPool | undefined {
  return fleet?.pools.find(({ name }) => name === pool);
}

/**
 * The pool that has this port on this protocol; no two of a fleet have the same. A held port for which there is none is lost: it
 * stays in the ledger but must not be routed, because no entryPoint listens on it.
 */
export function findPoolOf(
  fleet: FleetPools | undefined,
  protocol: PoolProtocol,
  port: Port,
): PortPool | undefined {
  return fleet?.pools.find((pool) => isInPool(pool, protocol, port));
}

/** Whether the pool has this port on this protocol. */
export function isInPool(pool: PortPool | undefined, protocol: PoolProtocol, port: Port): boolean {
  const range = pool?.ranges[protocol]?.range;
  return range !== undefined && inRange(range, port);
}

/** Whether a port may be asked for by number. */
export function isRequestable({ requestable }: PortPool, port: Port): boolean {
  return requestable === null || inRange(requestable, port);
}

/** Whether a port may be given to a Service that asked for any port. */
export function isHandedOut({ requestable }: PortPool, port: Port): boolean {
  return requestable === null || !inRange(requestable, port);
}

/**
 * From when on another holder may get a port that was given back, in milliseconds since 1970. At least one
 * millisecond after it was given back, also without a cooldown: one pass never gives to one Service
 * what it takes from another.
 */
export function toCooledTime(entry: CoolingPort, cooldownMs: number): number {
  return Date.parse(entry.freed) + Math.max(cooldownMs, 1);
}

/** `20000-20099`, as the settings have it. */
export function toRangeText(range: PortRange): string {
  return `${range.from}-${range.to}`;
}
