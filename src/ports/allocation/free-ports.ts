import { toBank } from '../../model/bank.ts';
import { inRange, isPort, type PoolProtocol, type Port, type PortRange } from '../../model/port.ts';
import type { LedgerEntry } from '../../model/ports.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import { isServing, type Pass } from './pass.ts';
import { createFreeRuns, type FreeRuns } from './free-runs.ts';
import { isHandedOut, poolProtocols, toCooledTime } from './pool.ts';

/** The ports of a pool in open banks that can be handed out for a set of protocols, best first. */
export interface FreePorts {
  /** The best one that is still free; undefined when there is none. Does not take it. */
  peek(): Port | undefined;
  /** The same ports as runs of consecutive numbers. */
  readonly runs: FreeRuns;
  /** When a port that cools down comes to be free, in milliseconds since 1970; null when there is none. As of the first call. */
  nextRelief(): number | null;
}

interface Candidate {
  readonly port: Port;
  readonly wanted: boolean;
  /** When it was given back, as milliseconds; before everything when it was never used. */
  readonly freed: number;
}

/**
 * Never-used ports come first, the lowest before all, then the one given back first. Numbers that a waiting
 * claim names come after the others, and last those that another Service has on the other protocol:
 * two Services share a number only when the pool has nothing else.
 * @param wanted Ports that waiting claims name.
 */
export function createFreePorts(
  pass: Pass,
  fleet: string,
  pool: PortPool,
  protocols: readonly PoolProtocol[],
  wanted: ReadonlySet<Port>,
): FreePorts {
  const areUnused = (port: Port, on: readonly PoolProtocol[]): boolean =>
    on.every((protocol) => isUnused(pass.entries.get(fleet, protocol, port), pool.cooldownMs, pass.now));
  const candidates: Candidate[] = [];
  for (const port of listHandedOut(pass, fleet, pool, protocols)) {
    if (!areUnused(port, protocols)) continue;
    const freed = protocols.map((protocol) => toFreed(pass.entries.get(fleet, protocol, port)));
    candidates.push({ port, wanted: wanted.has(port), freed: Math.max(...freed) });
  }
  const others = poolProtocols.filter((protocol) => !protocols.includes(protocol));
  const ascending = [...candidates];
  candidates.sort(byPreference);
  let runs: FreeRuns | undefined;
  const shared: Candidate[] = [];
  let next = 0;
  let nextShared = 0;
  let relief: { readonly at: number | null } | undefined;
  return {
    peek() {
      for (let candidate = candidates[next]; candidate; candidate = candidates[++next]) {
        if (!areUnused(candidate.port, protocols)) continue;
        if (areUnused(candidate.port, others)) return candidate.port;
        shared.push(candidate);
      }
      while (nextShared < shared.length) {
        const port = shared[nextShared]?.port;
        if (port !== undefined && areUnused(port, protocols)) return port;
        nextShared += 1;
      }
      return undefined;
    },
    get runs() {
      return (runs ??= createFreeRuns(
        ascending.map(({ port, wanted: isWanted, freed }) => ({
          port,
          isFresh: !isWanted && freed === -Infinity && areUnused(port, others),
        })),
        (port) => areUnused(port, protocols),
      ));
    },
    nextRelief: () => (relief ??= { at: findRelief(pass, fleet, pool, protocols) }).at,
  };
}

/** Whether nobody holds it, and it has cooled down. */
export function isUnused(entry: LedgerEntry | undefined, cooldownMs: number, now: number): boolean {
  return entry === undefined || (entry.state === 'cooling' && toCooledTime(entry, cooldownMs) <= now);
}

function toFreed(entry: LedgerEntry | undefined): number {
  return entry?.state === 'cooling' ? Date.parse(entry.freed) : -Infinity;
}

function byPreference(a: Candidate, b: Candidate): number {
  if (a.wanted !== b.wanted) return a.wanted ? 1 : -1;
  if (a.freed !== b.freed) return a.freed < b.freed ? -1 : 1;
  return a.port - b.port;
}

function findRelief(
  pass: Pass,
  fleet: string,
  pool: PortPool,
  protocols: readonly PoolProtocol[],
): number | null {
  let earliest = Infinity;
  for (const port of listHandedOut(pass, fleet, pool, protocols)) {
    let at = -Infinity;
    for (const protocol of protocols) {
      const entry = pass.entries.get(fleet, protocol, port);
      if (entry === undefined) continue;
      at = Math.max(at, entry.state === 'held' ? Infinity : toCooledTime(entry, pool.cooldownMs));
    }
    // What is free already helps nobody later.
    if (at > pass.now) earliest = Math.min(earliest, at);
  }
  return Number.isFinite(earliest) ? earliest : null;
}

/** The range that the pool has on all the protocols; undefined when they share none or it lacks one. */
export function toSharedRange(pool: PortPool, protocols: readonly PoolProtocol[]): PortRange | undefined {
  let shared: PortRange | undefined;
  for (const protocol of protocols) {
    const range = pool.ranges[protocol]?.range;
    if (range === undefined) return undefined;
    const from = shared === undefined || range.from > shared.from ? range.from : shared.from;
    const to = shared === undefined || range.to < shared.to ? range.to : shared.to;
    shared = { from, to };
  }
  return shared !== undefined && inRange(shared, shared.from) ? shared : undefined;
}

function* listHandedOut(
  pass: Pass,
  fleet: string,
  pool: PortPool,
  protocols: readonly PoolProtocol[],
): Iterable<Port> {
  const range = toSharedRange(pool, protocols);
  if (range === undefined) return;
  for (let port: number = range.from; port <= range.to; port += 1) {
    if (isPort(port) && isHandedOut(pool, port) && isServing(pass, fleet, pool, port)) yield port;
  }
}

/** How many ports of the pool are free to be handed out on one protocol, by bank. Banks that are not open are not in it. */
export function countFree(
  pass: Pass,
  fleet: string,
  pool: PortPool,
  protocol: PoolProtocol,
): ReadonlyMap<number, number> {
  const free = new Map<number, number>();
  for (const port of listHandedOut(pass, fleet, pool, [protocol])) {
    if (!isUnused(pass.entries.get(fleet, protocol, port), pool.cooldownMs, pass.now)) continue;
    const bank = toBank(pool, port);
    free.set(bank, (free.get(bank) ?? 0) + 1);
  }
  return free;
}
