import { compareText } from '../../model/object-ref.ts';
import type { ClaimIdentity, Holder, LedgerState, PortClaim } from '../../model/ports.ts';
import { isSameClaim, isSameHolder, toClaimKey } from '../claim.ts';
import { toCooledTime } from './pool.ts';
import { withHistory } from './history.ts';
import { byClaimOrder, startPass, take, type PassInput } from './pass.ts';
import { createQuota } from './quota.ts';

/** An object whose ports are handed over, or what of it one port is for. */
export interface TransferEnd {
  readonly holder: Holder;
  /** Absent: all that it has. Either both ends have one or none. */
  readonly target?: Pick<ClaimIdentity, 'part' | 'servicePort'>;
}

/** What one object holds, and what cools down after it, as that of another one: everything, or what is for one port or listener. */
export function transferPorts(
  ledger: LedgerState,
  from: TransferEnd,
  to: TransferEnd,
  now: string,
): LedgerState {
  const entries = ledger.entries.map((entry) => {
    if (!isSameHolder(entry.holder, from.holder)) return entry;
    const { part, ...others } = entry;
    if (
      from.target !== undefined &&
      !isSameClaim(entry, { fleet: entry.fleet, ...from.target, holder: from.holder })
    )
      return entry;
    const target = to.target ?? { servicePort: entry.servicePort, ...(part && { part }) };
    const moved = { ...others, ...target, holder: to.holder };
    // Since now: of two ports of one claim the one that was given last is kept.
    return moved.state === 'held' ? { ...moved, since: now } : moved;
  });
  const isMoved = entries.some((entry, index) => entry !== ledger.entries[index]);
  return isMoved ? withHistory(ledger, { ...ledger, entries }, now) : ledger;
}

/**
 * The ledger after claims that have no port yet have got those of the object that hands its ports over to them. They have to
 * fit into the quota of their namespace like any others. What the object still asks for it is given again, with another number.
 */
export function takeOverPorts(input: PassInput): LedgerState {
  const asking = input.claims.filter(({ takesFrom }) => takesFrom !== undefined && !input.keep(takesFrom));
  if (asking.length === 0) return input.ledger;
  const pass = startPass(input);
  const quota = createQuota(pass);
  const held = new Set(
    input.ledger.entries.flatMap((entry) => (entry.state === 'held' ? toClaimKey(entry) : [])),
  );
  // What is held counts before what cools down.
  const entries = input.ledger.entries.toSorted((a, b) => compareText(a.state, b.state));
  const byKey = new Map(entries.map((entry) => [toClaimKey(entry), entry]));
  for (const claim of asking.toSorted(byClaimOrder)) {
    const { takesFrom } = claim;
    const entry = takesFrom && byKey.get(toClaimKey({ ...claim, holder: takesFrom }));
    if (entry === undefined || held.has(toClaimKey(claim))) continue;
    const on = entry.protocols.filter((protocol) => claim.protocols.includes(protocol));
    const pool = on[0] && pass.poolOf(entry, on[0]);
    // Nobody hands on what the other one could not have itself.
    if (pool === undefined || !mayHave(claim, pool.name)) continue;
    if (entry.state === 'cooling' && toCooledTime(entry, pool.cooldownMs) <= pass.now) continue;
    const isOwn = entry.holder.namespace === claim.holder.namespace;
    if (!isOwn && quota.refusal(claim, pool, 1) !== undefined) continue;
    take(pass, claim, pool, entry.port, on, pass.nowText);
    quota.note(claim, entry.port);
    // Another one that names the same object comes too late.
    byKey.delete(toClaimKey(entry));
  }
  return pass.entries.toState();
}

function mayHave({ pool, pools }: PortClaim, name: string): boolean {
  return pools.includes(name) && (pool === undefined || pool === name);
}
