import { findBank } from '../../model/bank.ts';
import type { LedgerState } from '../../model/ports.ts';
import type { FleetPools } from '../allocation/pool.ts';

/** How many numbers of a bank besides bank 0 are held. */
export function countHeld({ entries }: LedgerState, fleet: FleetPools, bank: number): number {
  return entries.filter(
    ({ fleet: name, state, port, protocols }) =>
      name === fleet.name &&
      state === 'held' &&
      protocols.some((protocol) => findBank(fleet, protocol, port) === bank),
  ).length;
}
