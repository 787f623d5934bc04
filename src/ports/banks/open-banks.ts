import { toBankRange } from '../../model/bank.ts';
import { compareText } from '../../model/object-ref.ts';
import type { LedgerState, OpenBank } from '../../model/ports.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import { poolProtocols, type FleetPools } from '../allocation/pool.ts';

/** The banks of one fleet, as the ledger has them. */
export interface OpenBanks {
  /** Bank 0 always is. */
  isOpen(bank: number): boolean;
  /** Whether ports of it are given to those who ask: it is open, and was polled within its grace. */
  isServing(bank: number): boolean;
}

/** @param now Milliseconds since 1970. */
export function toOpenBanks({ banks = [] }: LedgerState, fleet: FleetPools, now: number): OpenBanks {
  const open = new Map(banks.flatMap((each) => (each.fleet === fleet.name ? [[each.bank, each]] : [])));
  return {
    isOpen: (bank) => bank === 0 || open.has(bank),
    isServing(bank) {
      const known = open.get(bank);
      return bank === 0 || (known !== undefined && now - toLastPoll(known) <= toGraceMs(fleet, bank));
    },
  };
}

/** Orders banks as the ledger keeps them. */
export function byBank(a: OpenBank, b: OpenBank): number {
  return compareText(a.fleet, b.fleet) || a.bank - b.bank;
}

/** When it was last known to be polled, in milliseconds since 1970. */
export function toLastPoll({ polled, since }: OpenBank): number {
  return Date.parse(polled ?? since);
}

/** How long a bank stays open that nobody polls: the longest of the times of its pools. */
export function toGraceMs(fleet: FleetPools, bank: number): number {
  return Math.max(0, ...listPools(fleet, bank).map(({ bankGraceMs }) => bankGraceMs));
}

/** Whether a bank that is not needed is closed: all pools that have ports in it have to say so. */
export function mayShrink(fleet: FleetPools, bank: number): boolean {
  const pools = listPools(fleet, bank);
  return bank > 0 && pools.length > 0 && pools.every(({ shrink }) => shrink);
}

/** The pools that have ports in a bank. */
export function listPools({ pools }: FleetPools, bank: number): readonly PortPool[] {
  return pools.filter((pool) =>
    poolProtocols.some((protocol) => toBankRange(pool, protocol, bank) !== undefined),
  );
}
