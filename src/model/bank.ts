import { inRange, isPort, type PoolProtocol, type Port, type PortRange } from './port.ts';

/**
 * What is known of one bank of a fleet: the ports of one Traefik process. `wanted`: to be opened, and no port of it is handed out
 * before it is `open`. `closing`: no port of it is needed any more. `closed`: not wanted yet.
 */
export interface BankStatus {
  /** From 0, which also has HTTP. */
  readonly bank: number;
  readonly state: 'open' | 'wanted' | 'closed' | 'closing';
}

/** By the name of the fleet, all banks that it can have, in the order of their numbers. */
export type BankStates = ReadonlyMap<string, readonly BankStatus[]>;

/** The banks of each fleet as they are now. */
export interface BankView {
  /** In the order of their numbers; bank 0 is always there and open. Empty for a fleet that is not configured. */
  banks(fleet: string): readonly BankStatus[];
}

/** What of a port pool divides it into banks. */
export interface BankedPool {
  readonly ranges: Readonly<Partial<Record<PoolProtocol, { readonly range: PortRange }>>>;
  /** How many ports one bank has; null: all are in bank 0. */
  readonly bank: number | null;
}

/** So many banks a fleet has at most: each is a process of 110 MB, and has a number in the ports of its own entryPoints. */
export const mostBanks = 1_000;

/** The banks of a fleet are numbered from 0, and each of them cuts through all of its pools. */
export interface BankedFleet {
  readonly pools: readonly BankedPool[];
}

/** The bank that a port of the pool lies in: the same on both protocols. Of a port that the pool does not have it says nothing. */
export function toBank(pool: BankedPool, port: Port): number {
  return pool.bank === null ? 0 : Math.max(0, Math.floor((port - toBase(pool)) / pool.bank));
}

/** How many banks the fleet can have: at least one. */
export function countBanks({ pools }: BankedFleet): number {
  return pools.reduce((most, pool) => Math.max(most, toLastBank(pool) + 1), 1);
}

/** The numbers of all banks that the fleet can have. */
export function listBanks(fleet: BankedFleet): readonly number[] {
  return Array.from({ length: countBanks(fleet) }, (_, bank) => bank);
}

/** The ports of the pool that lie in a bank, on one protocol; undefined when there are none. */
export function toBankRange(pool: BankedPool, protocol: PoolProtocol, bank: number): PortRange | undefined {
  const range = pool.ranges[protocol]?.range;
  if (range === undefined || pool.bank === null) return bank === 0 ? range : undefined;
  const start = toBase(pool) + bank * pool.bank;
  const from = Math.max(range.from, start);
  const to = Math.min(range.to, start + pool.bank - 1);
  return isPort(from) && isPort(to) && from <= to ? { from, to } : undefined;
}

/** The bank of a port that the fleet has in one of its pools; 0 for any other. */
export function findBank({ pools }: BankedFleet, protocol: PoolProtocol, port: Port): number {
  const pool = pools.find(({ ranges }) => {
    const range = ranges[protocol]?.range;
    return range !== undefined && inRange(range, port);
  });
  return pool === undefined ? 0 : toBank(pool, port);
}

/** Where bank 0 begins: at the lowest port of all protocols, so that one number is in one bank on both. */
function toBase({ ranges }: BankedPool): number {
  return Math.min(...Object.values(ranges).map(({ range }) => range.from));
}

function toLastBank(pool: BankedPool): number {
  const lasts = Object.values(pool.ranges).map(({ range }) => toBank(pool, range.to));
  return Math.max(0, ...lasts);
}
