import { bySeniority, compareText } from '../../model/object-ref.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import type { HeldPort, Holder, LedgerState, PortClaim } from '../../model/ports.ts';
import type { FleetPorts } from '../../settings/settings.ts';
import { toClaimKey, type FleetPools } from './pool.ts';
import { createSlots, type Slots } from './entries-by-port.ts';

/** What one allocation works on. */
export interface Pass {
  readonly before: LedgerState;
  readonly slots: Slots;
  readonly fleets: ReadonlyMap<string, FleetPorts>;
  /** By claim key. */
  readonly claims: ReadonlyMap<string, PortClaim>;
  /** The port that a claim holds, by claim key. */
  readonly homes: Map<string, HeldPort>;
  readonly now: number;
  readonly nowText: string;
  readonly keep: (holder: Holder) => boolean;
}

export interface PassInput {
  readonly claims: readonly PortClaim[];
  readonly ledger: LedgerState;
  readonly fleets: readonly FleetPools[];
  readonly now: number;
  readonly keep: (holder: Holder) => boolean;
}

export function startPass(input: PassInput): Pass {
  return {
    before: input.ledger,
    slots: createSlots(input.ledger),
    fleets: new Map(input.fleets.map((fleet) => [fleet.name, fleet.ports])),
    claims: toClaimMap(input.claims),
    homes: new Map(),
    now: input.now,
    nowText: new Date(input.now).toISOString(),
    keep: input.keep,
  };
}

function toClaimMap(claims: readonly PortClaim[]): ReadonlyMap<string, PortClaim> {
  const byKey = new Map<string, PortClaim>();
  for (const claim of claims) {
    const key = toClaimKey(claim);
    const twin = byKey.get(key);
    byKey.set(key, twin === undefined ? claim : mergeClaims(twin, claim));
  }
  return byKey;
}

/** Two claims of one Service port become one, whatever their order. */
function mergeClaims(a: PortClaim, b: PortClaim): PortClaim {
  const [first, second] = compareText(JSON.stringify(a), JSON.stringify(b)) <= 0 ? [a, b] : [b, a];
  const protocols = [...new Set<PoolProtocol>([...first.protocols, ...second.protocols])].sort();
  const requested = first.requested ?? second.requested;
  return { ...first, protocols, ...(requested !== undefined && { requested }) };
}

/** Orders claims: the older Service first, then by its port, then by fleet. Total for claims of one pass. */
export function byClaimOrder(a: PortClaim, b: PortClaim): number {
  return bySeniority(toAged(a), toAged(b)) || a.servicePort - b.servicePort || compareText(a.fleet, b.fleet);
}

function toAged(claim: PortClaim): Parameters<typeof bySeniority>[0] {
  return {
    ref: { kind: 'Service', ...claim.holder },
    ...(claim.created !== undefined && { created: claim.created }),
  };
}

/** The protocols of a claim for which its fleet has a pool. */
export function pooledProtocols(pass: Pass, claim: PortClaim): readonly PoolProtocol[] {
  const pools = pass.fleets.get(claim.fleet)?.pools;
  return claim.protocols.filter((protocol) => pools?.[protocol] !== undefined);
}

/** Gives a slot back. A pool that is not configured is left alone: it may come back as it was. */
export function rest(pass: Pass, entry: HeldPort, protocol: PoolProtocol): void {
  if (pass.fleets.get(entry.fleet)?.pools[protocol] === undefined) return;
  const { fleet, port, holder, servicePort } = entry;
  const freed = pass.nowText;
  pass.slots.set(protocol, {
    fleet,
    port,
    protocols: [protocol],
    holder,
    servicePort,
    state: 'resting',
    freed,
  });
}

/** Gives a port to a claim, from now on, or since it has held the same number on its other protocol. */
export function take(
  pass: Pass,
  claim: PortClaim,
  port: Port,
  protocols: readonly PoolProtocol[],
  since: string,
): HeldPort {
  const { fleet, holder, servicePort } = claim;
  const entry: HeldPort = { fleet, port, protocols, holder, servicePort, state: 'held', since };
  for (const protocol of protocols) pass.slots.set(protocol, entry);
  return entry;
}
