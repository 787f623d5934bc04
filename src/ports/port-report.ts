import { toObjectPath } from '../model/object-ref.ts';
import type { PoolProtocol } from '../model/port.ts';
import type { CoolingPort, FormerHold, LedgerEntry, LedgerState } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import type { FormerPortRow, PoolRow, PortReport, PortRow } from '../model/published.ts';
import type { PortPool } from '../settings/port-pool.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { toPortAddress } from './port-address.ts';
import {
  findPool,
  isInPool,
  poolProtocols,
  toCooledTime,
  toRangeText,
  type FleetPools,
} from './allocation/pool.ts';

type ReportedFleet = FleetPools & Pick<FleetSettings, 'addresses'>;

const refusalCodes: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'pool-exhausted',
  'pool-port-lost',
  'port-pending',
  'port-quota-exceeded',
  'port-request-refused',
]);

/**
 * What `fairlead ports` and `/api/ports` show. A port that has cooled down counts as free and has no row.
 * @param problems All problems there are; those about ports are picked.
 * @param now Milliseconds since 1970.
 */
export function toPortReport(
  state: LedgerState,
  fleets: readonly ReportedFleet[],
  problems: readonly Problem[],
  now: number,
): PortReport {
  const byName = new Map(fleets.map((fleet) => [fleet.name, fleet]));
  const ports = state.entries.flatMap((entry) => toRows(entry, byName.get(entry.fleet), now));
  return {
    pools: fleets.flatMap((fleet) => fleet.pools.flatMap((pool) => toPoolRows(fleet.name, pool, ports))),
    ports,
    history: (state.history ?? []).map(toFormerRow),
    refused: problems.filter(({ code }) => refusalCodes.has(code)),
  };
}

function toFormerRow(hold: FormerHold): FormerPortRow {
  return { ...toBase(hold), since: hold.since, until: hold.until };
}

/** Two rows when the port is lost on one of its protocols only. */
function toRows(entry: LedgerEntry, fleet: ReportedFleet | undefined, now: number): readonly PortRow[] {
  if (entry.state === 'cooling') return toCoolingRows(entry, fleet, now);
  const pool = findPool(fleet, entry.pool);
  const served = entry.protocols.filter((protocol) => isInPool(pool, protocol, entry.port));
  const lost = entry.protocols.filter((protocol) => !served.includes(protocol));
  const addresses = (fleet?.addresses ?? []).map((address) => toPortAddress(address, entry.port));
  const base = { ...toBase(entry), since: entry.since };
  return [
    ...(served.length > 0 ? [{ ...base, protocols: served, state: 'held' as const, addresses }] : []),
    ...(lost.length > 0 ? [{ ...base, protocols: lost, state: 'lost' as const, addresses: [] }] : []),
  ];
}

function toCoolingRows(
  entry: CoolingPort,
  fleet: ReportedFleet | undefined,
  now: number,
): readonly PortRow[] {
  const row = { ...toBase(entry), state: 'cooling' as const, since: entry.freed, addresses: [] };
  const pool = findPool(fleet, entry.pool);
  // Nothing is known of the cooldown of a pool that is not configured.
  if (pool === undefined) return [row];
  const until = toCooledTime(entry, pool.cooldownMs);
  return until <= now ? [] : [{ ...row, until: new Date(until).toISOString() }];
}

function toBase(entry: FormerHold | LedgerEntry): Omit<FormerPortRow, 'since' | 'until'> {
  return {
    fleet: entry.fleet,
    port: entry.port,
    protocols: entry.protocols,
    holder: toObjectPath(entry.holder),
    source: entry.holder.source,
    servicePort: entry.servicePort,
    ...(entry.part?.kind === 'endpoint' && { endpoint: entry.part.name }),
  };
}

function toPoolRows(fleet: string, pool: PortPool, ports: readonly PortRow[]): readonly PoolRow[] {
  return poolProtocols.flatMap((protocol) => {
    const range = pool.ranges[protocol]?.range;
    if (range === undefined) return [];
    const total = range.to - range.from + 1;
    const held = countRows(fleet, pool, ports, protocol, 'held');
    const cooling = countRows(fleet, pool, ports, protocol, 'cooling');
    const requestable = pool.requestable === null ? null : toRangeText(pool.requestable);
    const free = total - held - cooling;
    return [{ fleet, protocol, range: toRangeText(range), requestable, total, held, cooling, free }];
  });
}

function countRows(
  fleet: string,
  pool: PortPool,
  rows: readonly PortRow[],
  protocol: PoolProtocol,
  state: PortRow['state'],
): number {
  return rows.filter(
    (row) =>
      row.fleet === fleet &&
      row.state === state &&
      row.protocols.includes(protocol) &&
      isInPool(pool, protocol, row.port),
  ).length;
}
