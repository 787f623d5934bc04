import { findBank, toBankRange, type BankStates, type BankStatus } from '../../model/bank.ts';
import type { OpenBank } from '../../model/ports.ts';
import type { BankRow, PortRow } from '../../model/published.ts';
import { poolProtocols, type FleetPools } from '../allocation/pool.ts';

/** Whether Traefiks listen on the ports of a bank. */
export function isRunning(banks: BankStates, fleet: string, bank: number): boolean {
  return bank === 0 || banks.get(fleet)?.[bank]?.state === 'open';
}

/** The banks of all fleets that have several, in their order. */
export function toBankRows(
  fleets: readonly FleetPools[],
  banks: BankStates,
  ports: readonly PortRow[],
  open: readonly OpenBank[],
): readonly BankRow[] {
  return fleets.flatMap((fleet) => {
    const statuses = banks.get(fleet.name) ?? [];
    if (statuses.length < 2) return [];
    const own = ports.filter((row) => row.fleet === fleet.name);
    const [held, cooling] = (['held', 'cooling'] as const).map((state) => countByBank(fleet, own, state));
    const opened = new Map(open.flatMap((each) => (each.fleet === fleet.name ? [[each.bank, each]] : [])));
    return statuses.map((status) => {
      const counts = { held: held?.get(status.bank) ?? 0, cooling: cooling?.get(status.bank) ?? 0 };
      return toRow(fleet, status, counts, opened.get(status.bank)?.since);
    });
  });
}

function toRow(
  fleet: FleetPools,
  status: BankStatus,
  { held, cooling }: Pick<BankRow, 'cooling' | 'held'>,
  since: string | undefined,
): BankRow {
  const ports = countPorts(fleet, status.bank);
  const row = { fleet: fleet.name, ...status, ports, held, cooling, free: ports - held - cooling };
  return since === undefined ? row : { ...row, since };
}

function countPorts({ pools }: FleetPools, bank: number): number {
  const ranges = pools.flatMap((pool) =>
    poolProtocols.flatMap((protocol) => toBankRange(pool, protocol, bank) ?? []),
  );
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** Each protocol of a number counts by itself. */
function countByBank(
  fleet: FleetPools,
  rows: readonly PortRow[],
  state: PortRow['state'],
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) {
    for (const protocol of row.state === state ? row.protocols : []) {
      const bank = findBank(fleet, protocol, row.port);
      counts.set(bank, (counts.get(bank) ?? 0) + 1);
    }
  }
  return counts;
}
