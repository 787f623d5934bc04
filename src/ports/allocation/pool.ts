import { importedPool } from '../../model/imported-port.ts';
import type { CoolingPort, LedgerEntry } from '../../model/ports.ts';
import { inRange, type PoolProtocol, type Port, type PortRange } from '../../model/port.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import type { FleetSettings } from '../../settings/settings.ts';

/** What port allocation needs to know of a fleet. */
export type FleetPools = Pick<FleetSettings, 'name' | 'pools'>;

export const poolProtocols: readonly PoolProtocol[] = ['tcp', 'udp'];

/** What is configured of one pool of a fleet; undefined when it has none of this name. */
export function findPool(fleet: FleetPools | undefined, pool: string): PortPool | undefined {
  return pool === importedPool ? toImportedPool(fleet) : fleet?.pools.find(({ name }) => name === pool);
}

const allPorts = { from: 1 as Port, to: 65_535 as Port };

/** Every number there is, each for who asks for it: whoever configures imports decides who has which, without bands and quotas. */
function toImportedPool(fleet: FleetPools | undefined): PortPool | undefined {
  const [first] = fleet?.pools ?? [];
  const all = { range: allPorts, entryPoint: 'imported-{port}' };
  return (
    first && {
      ...first,
      name: importedPool,
      ranges: { tcp: all, udp: all },
      requestable: allPorts,
      maxPerNamespace: null,
      bank: null,
    }
  );
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

/** The same for a port that somebody holds, or has held: what an import gave is of no other pool, whatever its number is. */
export function findPoolOfEntry(
  fleet: FleetPools | undefined,
  protocol: PoolProtocol,
  { pool, port }: Pick<LedgerEntry, 'pool' | 'port'>,
): PortPool | undefined {
  return pool === importedPool ? toImportedPool(fleet) : findPoolOf(fleet, protocol, port);
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
