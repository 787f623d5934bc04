import { countBanks, toBank, toBankRange, type BankStates, type BankStatus } from '../../model/bank.ts';
import { isPort, type PoolProtocol, type PortRange } from '../../model/port.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import { countFree, isUnused } from '../allocation/free-ports.ts';
import type { Pass } from '../allocation/pass.ts';
import type { Refused } from '../allocation/place-claims.ts';
import type { Refusal } from '../allocation/refusal.ts';
import { isHandedOut, isInPool, poolProtocols, type FleetPools } from '../allocation/pool.ts';
import { listPools, mayShrink, type OpenBanks } from './open-banks.ts';

/**
 * Which banks are open and which should be, by what an allocation came to. A pure function of it, and so the same on every replica:
 *
 * - A bank that is not open is wanted while somebody holds a port of it; while a port of it is asked for by number, of the band that is
 *   there for that, by somebody who could have it; or while it is the next one of a pool that has fewer free ports than `spare` in its open
 *   banks, or has refused somebody for want of ports. One at a time for each pool: a tenant must not start a hundred processes at once.
 * - An open one that may be closed is closing while nobody needs it, nor would soon: there are twice as many free ports as `spare` without it.
 */
export function toBankStates(
  pass: Pass,
  fleets: readonly FleetPools[],
  refused: readonly Refused[],
): BankStates {
  return new Map(
    fleets.map((fleet) => {
      const own = refused.filter(({ waiting }) => waiting.claim.fleet === fleet.name);
      return [fleet.name, toStates(pass, fleet, own)];
    }),
  );
}

function toStates(pass: Pass, fleet: FleetPools, refused: readonly Refused[]): readonly BankStatus[] {
  const count = countBanks(fleet);
  const open = pass.banksOf(fleet.name);
  if (count === 1 || open === undefined) return [{ bank: 0, state: 'open' }];
  const used = listUsed(pass, fleet);
  const supplies = fleet.pools.flatMap((pool) => toSupplies(pass, fleet, pool, refused));
  const wanted = new Set([...used.held, ...listRequested(refused)]);
  for (const supply of supplies) {
    const next = supply.isShort ? findNext(supply, open, count) : undefined;
    if (next !== undefined) wanted.add(next);
  }
  const idle = listIdle(fleet, open, count, used.all, supplies);
  const toState = (bank: number): BankStatus['state'] => {
    if (open.isOpen(bank)) return idle.has(bank) ? 'closing' : 'open';
    return wanted.has(bank) ? 'wanted' : 'closed';
  };
  return Array.from({ length: count }, (_, bank) => ({ bank, state: toState(bank) }));
}

/** The ports of one pool on one protocol that can be handed out now. */
interface PortSupply {
  readonly pool: PortPool;
  readonly protocol: PoolProtocol;
  /** How many are free, by bank. */
  readonly free: ReadonlyMap<number, number>;
  readonly isShort: boolean;
}

function toSupplies(
  pass: Pass,
  fleet: FleetPools,
  pool: PortPool,
  refused: readonly Refused[],
): readonly PortSupply[] {
  if (pool.bank === null) return [];
  const lacking = new Set(
    refused.flatMap(({ waiting, refusal }) =>
      waiting.pool.name === pool.name && wantsMore(pool, refusal) ? refusal.protocols : [],
    ),
  );
  return poolProtocols.flatMap((protocol): readonly PortSupply[] => {
    if (pool.ranges[protocol] === undefined) return [];
    const free = countFree(pass, fleet.name, pool, protocol);
    return [{ pool, protocol, free, isShort: lacking.has(protocol) || sum(free) < pool.spare }];
  });
}

/** A run that is longer than a bank is not what the next one is opened for: nobody knows whether it would help. */
function wantsMore(
  { bank }: PortPool,
  refusal: Refusal,
): refusal is Extract<Refusal, { readonly kind: 'exhausted' | 'no-run' }> {
  if (refusal.kind === 'no-run') return refusal.servicePorts.length <= (bank ?? 0);
  return refusal.kind === 'exhausted';
}

/** The banks in which somebody holds a port, and those in which one still cools down as well. */
function listUsed(pass: Pass, fleet: FleetPools) {
  const held = new Set<number>();
  const all = new Set<number>();
  for (const { protocol, entry } of pass.entries.all()) {
    const pool = entry.fleet === fleet.name ? pass.poolOf(entry, protocol) : undefined;
    if (pool === undefined || !isInPool(pool, protocol, entry.port)) continue;
    const bank = toBank(pool, entry.port);
    if (entry.state === 'held') held.add(bank);
    if (!isUnused(entry, pool.cooldownMs, pass.now)) all.add(bank);
  }
  return { held, all };
}

/** Where any number may be asked for, no tenant starts a process by naming one: only the operators open a bank ahead of the others. */
function listRequested(refused: readonly Refused[]): readonly number[] {
  return refused.flatMap(({ waiting, refusal }) =>
    refusal.kind === 'bank-closed' && waiting.pool.requestable !== null ? refusal.bank : [],
  );
}

function findNext({ pool, protocol }: PortSupply, open: OpenBanks, count: number): number | undefined {
  for (let bank = 1; bank < count; bank += 1) {
    const range = open.isOpen(bank) ? undefined : toBankRange(pool, protocol, bank);
    if (range !== undefined && isAnyHandedOut(pool, range)) return bank;
  }
  return undefined;
}

function isAnyHandedOut(pool: PortPool, { from, to }: PortRange): boolean {
  for (let port: number = from; port <= to; port += 1) {
    if (isPort(port) && isHandedOut(pool, port)) return true;
  }
  return false;
}

/** From the last one on: the first ones are those that stay. */
function listIdle(
  fleet: FleetPools,
  open: OpenBanks,
  count: number,
  used: ReadonlySet<number>,
  supplies: readonly PortSupply[],
): ReadonlySet<number> {
  const idle = new Set<number>();
  const isSpared = (bank: number): boolean =>
    supplies
      .filter(({ pool }) => listPools(fleet, bank).includes(pool))
      .every(({ pool, free, isShort }) => {
        const rest = [...free].filter(([each]) => each !== bank && !idle.has(each));
        return !isShort && sum(new Map(rest)) >= Math.max(1, 2 * pool.spare);
      });
  for (let bank = count - 1; bank > 0; bank -= 1) {
    if (open.isOpen(bank) && mayShrink(fleet, bank) && !used.has(bank) && isSpared(bank)) idle.add(bank);
  }
  return idle;
}

function sum(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((total, each) => total + each, 0);
}
