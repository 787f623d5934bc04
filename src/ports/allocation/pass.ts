import { append } from '../../lib/group-by.ts';
import { bySeniority, compareText } from '../../model/object-ref.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import type {
  ClaimIdentity,
  HeldPort,
  Holder,
  LedgerEntry,
  LedgerState,
  PortClaim,
} from '../../model/ports.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import { importedPool } from '../../model/imported-port.ts';
import { toClaimKey, type ClaimKey } from '../claim.ts';
import { toAsker } from '../shared-ports.ts';
import { toBank } from '../../model/bank.ts';
import { toOpenBanks, type OpenBanks } from '../banks/open-banks.ts';
import { findPool, findPoolOfEntry, type FleetPools } from './pool.ts';
import { indexByPort, type EntriesByPort } from './entries-by-port.ts';

/** What one allocation works on. */
export interface Pass {
  readonly before: LedgerState;
  readonly entries: EntriesByPort;
  /** What is configured of a fleet. */
  readonly fleetOf: (of: Pick<ClaimIdentity, 'fleet'>) => FleetPools | undefined;
  /** The pool that has the number of an entry on a protocol now, else the one that it was given from. */
  readonly poolOf: (entry: LedgerEntry, protocol: PoolProtocol) => PortPool | undefined;
  /** The banks of a fleet that is configured. */
  readonly banksOf: (fleet: string) => OpenBanks | undefined;
  readonly claims: ReadonlyMap<ClaimKey, PortClaim>;
  /** All claims of a port that several Services share. */
  readonly shared: ReadonlyMap<ClaimKey, readonly PortClaim[]>;
  /** The port that each claim holds. */
  readonly heldPorts: Map<ClaimKey, HeldPort>;
  /** By this it is judged what has cooled down. */
  readonly now: number;
  readonly nowText: string;
  readonly keep: (holder: Holder) => boolean;
}

export interface PassInput {
  readonly claims: readonly PortClaim[];
  readonly ledger: LedgerState;
  readonly fleets: readonly FleetPools[];
  readonly now: number;
  /** How far the clock was put forward while something cooled down: that has cooled so much less than the clock says. */
  readonly lagMs?: number;
  readonly keep: (holder: Holder) => boolean;
}

export function startPass(input: PassInput): Pass {
  const fleets = new Map(input.fleets.map((fleet) => [fleet.name, fleet]));
  const banks = new Map(
    input.fleets.map((fleet) => [fleet.name, toOpenBanks(input.ledger, fleet, input.now)]),
  );
  return {
    before: input.ledger,
    entries: indexByPort(input.ledger),
    fleetOf: ({ fleet }) => fleets.get(fleet),
    banksOf: (fleet) => banks.get(fleet),
    poolOf({ fleet: name, pool, port }, protocol) {
      const fleet = fleets.get(name);
      return findPoolOfEntry(fleet, protocol, { pool, port }) ?? findPool(fleet, pool);
    },
    claims: toClaimMap(input.claims),
    shared: toSharedClaims(input.claims),
    heldPorts: new Map(),
    now: input.now - (input.lagMs ?? 0),
    nowText: new Date(input.now).toISOString(),
    keep: input.keep,
  };
}

function toClaimMap(claims: readonly PortClaim[]): ReadonlyMap<ClaimKey, PortClaim> {
  const byKey = new Map<ClaimKey, PortClaim>();
  for (const claim of claims) {
    const key = toClaimKey(claim);
    const twin = byKey.get(key);
    byKey.set(key, twin === undefined ? claim : mergeClaims(twin, claim));
  }
  return byKey;
}

function toSharedClaims(claims: readonly PortClaim[]): ReadonlyMap<ClaimKey, readonly PortClaim[]> {
  const byKey = new Map<ClaimKey, PortClaim[]>();
  for (const claim of claims) {
    if (claim.sharer === undefined) continue;
    append(byKey, toClaimKey(claim), claim);
  }
  return byKey;
}

/** Two claims of one Service port, or of one that they share, become one, whatever their order. */
function mergeClaims(a: PortClaim, b: PortClaim): PortClaim {
  // Thousands may share one, and they ask for the same: the elder speaks for all.
  if (a.sharer !== undefined) return byClaimOrder(a, b) <= 0 ? a : b;
  const [first, second] = compareText(JSON.stringify(a), JSON.stringify(b)) <= 0 ? [a, b] : [b, a];
  const protocols = [...new Set<PoolProtocol>([...first.protocols, ...second.protocols])].sort();
  const requested = first.requested ?? second.requested;
  return { ...first, protocols, ...(requested !== undefined && { requested }) };
}

/**
 * Orders claims: those of imports first, which are the configuration's own; then the older Service that asks, its port, the fleet. Total for
 * claims of one pass.
 */
export function byClaimOrder(a: PortClaim, b: PortClaim): number {
  return (
    Number(b.pool === importedPool) - Number(a.pool === importedPool) ||
    bySeniority(toAged(a), toAged(b)) ||
    a.servicePort - b.servicePort ||
    compareText(a.fleet, b.fleet) ||
    compareText(toClaimKey(a), toClaimKey(b))
  );
}

function toAged(claim: PortClaim): Parameters<typeof bySeniority>[0] {
  const { created } = claim;
  return { ref: toAsker(claim), ...(created !== undefined && { created }) };
}

/** Whether a port of the pool may be given to anybody: Traefiks listen on it. */
export function isServing(pass: Pass, fleet: string, pool: PortPool, port: Port): boolean {
  return pass.banksOf(fleet)?.isServing(toBank(pool, port)) === true;
}

/** Gives a port back on one protocol. That of a pool that is not configured is left alone: it may come back as it was. */
export function giveBack(pass: Pass, entry: HeldPort, protocol: PoolProtocol): void {
  if (pass.poolOf(entry, protocol)?.ranges[protocol] === undefined) return;
  const { since: _, ...place } = entry;
  pass.entries.set(protocol, { ...place, protocols: [protocol], state: 'cooling', freed: pass.nowText });
}

/** Gives a port to a claim, from now on, or since it has held the same number on its other protocol. */
export function take(
  pass: Pass,
  claim: PortClaim,
  pool: PortPool,
  port: Port,
  protocols: readonly PoolProtocol[],
  since: string,
): HeldPort {
  const { fleet, holder, part, servicePort } = claim;
  const identity = { fleet, pool: pool.name, holder, ...(part && { part }), servicePort };
  const entry: HeldPort = { ...identity, port, protocols, state: 'held', since };
  for (const protocol of protocols) pass.entries.set(protocol, entry);
  return entry;
}
