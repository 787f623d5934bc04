import { countBanks, toBankRange, type BankStates, type BankStatus } from '../../model/bank.ts';
import type { PoolMap, PoolName } from '../../model/listing.ts';
import { inRange } from '../../model/port.ts';
import type { PortRow } from '../../model/published.ts';
import type { FleetSettings } from '../../settings/settings.ts';

const letters: Readonly<Record<PortRow['state'], string>> = { held: 'h', cooling: 'c', lost: 'l' };

/**
 * The ports of a pool, a letter each; undefined when there is no such pool.
 * @param rows The ports that somebody has or had.
 * @param sees Whether the row may be seen.
 */
export function toPoolMap(
  { fleet, pool, protocol }: PoolName,
  fleets: readonly Pick<FleetSettings, 'name' | 'pools'>[],
  states: BankStates,
  rows: readonly PortRow[],
  sees: (row: PortRow) => boolean,
): PoolMap | undefined {
  const configured = fleets.find(({ name }) => name === fleet);
  const found = configured?.pools.find(({ name }) => name === pool);
  const range = found?.ranges[protocol]?.range;
  if (configured === undefined || found === undefined || range === undefined) return undefined;
  const known: readonly BankStatus[] = states.get(fleet) ?? [{ bank: 0, state: 'open' }];
  const banks = known.slice(0, countBanks(configured)).flatMap((status) => {
    const part = toBankRange(found, protocol, status.bank);
    return part === undefined ? [] : [{ ...status, ...part }];
  });
  const ports = Array.from({ length: range.to - range.from + 1 }, () => '.');
  for (const { from, to, bank, state } of banks)
    if (bank === 0 || state === 'open') ports.fill('f', from - range.from, to - range.from + 1);
  for (const row of rows) {
    if (row.fleet !== fleet || !row.protocols.includes(protocol) || !inRange(range, row.port)) continue;
    ports[row.port - range.from] = sees(row) ? letters[row.state] : 'o';
  }
  return { fleet, pool, protocol, range, requestable: found.requestable, states: ports.join(''), banks };
}
