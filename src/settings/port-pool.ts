import { inRange, type PoolProtocol, type Port, type PortRange } from '../model/port.ts';

/** The ports of a pool on one protocol. */
export interface PoolSettings {
  readonly range: PortRange;
  /** The name of the entryPoint of a port: a text with `{port}` in it. */
  readonly entryPoint: string;
}

/** A pool of ports of a fleet, who may use it, and how. */
export interface PortPool {
  readonly name: string;
  /** A pool may have ports of one protocol only, or none. Those of two pools of a fleet never overlap on one protocol. */
  readonly ranges: Readonly<Partial<Record<PoolProtocol, PoolSettings>>>;
  /** The band of ports that may be requested by number; the other ports are allocated freely. Null: there is no such band. */
  readonly requestable: PortRange | null;
  readonly cooldownMs: number;
  readonly maxPerNamespace: number | null;
  /** Who may use it: names, and patterns with `*` in them; empty: every namespace. */
  readonly namespaces: readonly string[];
  /** Labels that a Service has to have; empty: none. */
  readonly labels: Readonly<Record<string, string>>;
  /** How many ports one bank has; null: all are in bank 0. */
  readonly bank: number | null;
  /** Another bank is wanted when fewer ports than this are free in the open ones. */
  readonly spare: number;
  readonly bankGraceMs: number;
  /** Whether banks that are not needed any more are closed. */
  readonly shrink: boolean;
}

/** The entryPoint of one pool port. */
export function toEntryPointName(pool: PoolSettings, port: Port): string {
  return pool.entryPoint.replaceAll('{port}', String(port));
}

/** The entryPoint of a number that an import gave, and that no pool of the fleet has. */
export function toImportedEntryPoint(protocol: PoolProtocol, port: Port): string {
  return `imported-${protocol}-${port}`;
}

/** The entryPoint that listens on a port for the pools of a fleet; undefined when none of them has it. */
export function findEntryPoint(
  pools: readonly PortPool[],
  protocol: PoolProtocol,
  port: Port,
): string | undefined {
  for (const { ranges } of pools) {
    const pool = ranges[protocol];
    if (pool !== undefined && inRange(pool.range, port)) return toEntryPointName(pool, port);
  }
  return undefined;
}
