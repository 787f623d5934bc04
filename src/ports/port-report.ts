import { toBank, toBankRange, type BankStates } from '../model/bank.ts';
import { toObjectPath } from '../model/object-ref.ts';
import { noLag, type ClockLag } from '../lib/clock-jumps.ts';
import type { PoolProtocol } from '../model/port.ts';
import {
  isGatewayHolder,
  type CoolingPort,
  type FormerHold,
  type LedgerEntry,
  type LedgerState,
} from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import { refusalCodes } from '../model/refusal-codes.ts';
import type { FormerPortRow, PoolRow, PortReport, PortRow } from '../model/published.ts';
import type { PortPool } from '../settings/port-pool.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { isRunning, toBankRows } from './banks/bank-rows.ts';
import { toNamespaceRows } from './namespace-rows.ts';
import { toPortAddress } from './port-address.ts';
import {
  findPool,
  findPoolOfEntry,
  isInPool,
  poolProtocols,
  toCooledTime,
  toRangeText,
  type FleetPools,
} from './allocation/pool.ts';

/** When a report is made. */
export interface ReportTime {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the clock was put forward by while something cooled down. */
  readonly lag?: ClockLag;
}

type ReportedFleet = FleetPools & Pick<FleetSettings, 'addresses'>;

/**
 * What `fairlead ports` and `/api/ports` show. A port that has cooled down counts as free and has no row.
 * @param problems All problems there are; those about ports are picked.
 * @param banks What the allocation made of the banks of all fleets; only bank 0 is open where it says nothing.
 */
export function toPortReport(
  state: LedgerState,
  fleets: readonly ReportedFleet[],
  problems: readonly Problem[],
  time: ReportTime,
  banks: BankStates = new Map(),
): PortReport {
  const byName = new Map(fleets.map((fleet) => [fleet.name, fleet]));
  const found = state.entries.flatMap((entry) =>
    toRows(entry, byName.get(entry.fleet), time).map((row) => ({ entry, row })),
  );
  const ports = found.map(({ row }) => row);
  return {
    pools: fleets.flatMap((fleet) =>
      fleet.pools.flatMap((pool) => toPoolRows(fleet.name, pool, ports, banks)),
    ),
    banks: toBankRows(fleets, banks, ports, state.banks ?? []),
    namespaces: toNamespaceRows(found, (fleet, pool) => findPool(byName.get(fleet), pool)),
    ports,
    history: (state.history ?? []).map((hold) => ({
      ...toBase(hold, hold.pool),
      since: hold.since,
      until: hold.until,
    })),
    refused: listRefused(problems),
  };
}

/** Requests for ports that could not be met. */
export function listRefused(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ code }) => refusalCodes.has(code));
}

/** Two rows when the port is lost on one of its protocols only. */
function toRows(entry: LedgerEntry, fleet: ReportedFleet | undefined, time: ReportTime): readonly PortRow[] {
  const [pool] = entry.protocols.flatMap((protocol) => findPoolOfEntry(fleet, protocol, entry) ?? []);
  const base = toBase(entry, pool?.name ?? entry.pool);
  if (entry.state === 'cooling') return toCoolingRows(base, entry, pool ?? findPool(fleet, entry.pool), time);
  const served = entry.protocols.filter((protocol) => findPoolOfEntry(fleet, protocol, entry));
  const lost = entry.protocols.filter((protocol) => !served.includes(protocol));
  const addresses = (fleet?.addresses ?? []).map((address) => toPortAddress(address, entry.port));
  const held = { ...base, since: entry.since };
  return [
    ...(served.length > 0 ? [{ ...held, protocols: served, state: 'held' as const, addresses }] : []),
    ...(lost.length > 0 ? [{ ...held, protocols: lost, state: 'lost' as const, addresses: [] }] : []),
  ];
}

function toCoolingRows(
  base: ReturnType<typeof toBase>,
  entry: CoolingPort,
  pool: PortPool | undefined,
  { now, lag = noLag }: ReportTime,
): readonly PortRow[] {
  const row = { ...base, state: 'cooling' as const, since: entry.freed, addresses: [] };
  // Nothing is known of the cooldown of a pool that is not configured.
  if (pool === undefined) return [row];
  const cooled = toCooledTime(entry, pool.cooldownMs);
  // As ports are allocated: by a clock without its jumps, until these do not count any more.
  const until = lag.ms === 0 ? cooled : Math.min(cooled + lag.ms, Math.max(cooled, now + lag.endsIn));
  return until <= now ? [] : [{ ...row, until: new Date(until).toISOString() }];
}

function toBase(entry: FormerHold | LedgerEntry, pool: string): Omit<FormerPortRow, 'since' | 'until'> {
  return {
    fleet: entry.fleet,
    pool,
    port: entry.port,
    protocols: entry.protocols,
    holder: toObjectPath(entry.holder),
    source: entry.holder.source,
    servicePort: entry.servicePort,
    ...(entry.part?.kind === 'endpoint' && { endpoint: entry.part.name }),
    ...(entry.part?.kind === 'listener' && isGatewayHolder(entry.holder) && { listener: entry.part.name }),
  };
}

function toPoolRows(
  fleet: string,
  pool: PortPool,
  ports: readonly PortRow[],
  banks: BankStates,
): readonly PoolRow[] {
  const isOpen = ({ port }: Pick<PortRow, 'port'>): boolean => isRunning(banks, fleet, toBank(pool, port));
  return poolProtocols.flatMap((protocol) => {
    const range = pool.ranges[protocol]?.range;
    if (range === undefined) return [];
    const total = range.to - range.from + 1;
    const open = pool.bank === null ? total : countOpen(fleet, pool, protocol, banks);
    const held = countRows(fleet, pool, ports, protocol, 'held');
    const cooling = countRows(fleet, pool, ports, protocol, 'cooling');
    const inOpen = ports.filter(isOpen);
    const used =
      countRows(fleet, pool, inOpen, protocol, 'held') + countRows(fleet, pool, inOpen, protocol, 'cooling');
    const requestable = pool.requestable === null ? null : toRangeText(pool.requestable);
    const counts = { total, open, held, cooling, free: open - used };
    return [{ fleet, pool: pool.name, protocol, range: toRangeText(range), requestable, ...counts }];
  });
}

function countOpen(fleet: string, pool: PortPool, protocol: PoolProtocol, banks: BankStates): number {
  return (banks.get(fleet) ?? [{ bank: 0 }]).reduce((sum, { bank }) => {
    const range = isRunning(banks, fleet, bank) ? toBankRange(pool, protocol, bank) : undefined;
    return range === undefined ? sum : sum + range.to - range.from + 1;
  }, 0);
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
