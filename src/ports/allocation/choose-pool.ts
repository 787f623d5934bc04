import type { Port } from '../../model/port.ts';
import type { HeldPort, LedgerEntry, PortClaim } from '../../model/ports.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import type { Pass } from './pass.ts';
import { findPool, isInPool, toCooledTime } from './pool.ts';

/**
 * The pool that a claim has its port of, or is to have it of: the one that it names, the one with the number that it names, the one in
 * which it holds a port, the one in which its last port cools down for it, else the first that it may use. So a pool that is added, or
 * that may not be used any more, moves nobody. Undefined when there is none for it.
 * @param former What it had before, the last one first.
 */
export function choosePool(
  pass: Pass,
  claim: PortClaim,
  held: HeldPort | undefined,
  former: readonly LedgerEntry[],
): PortPool | undefined {
  const fleet = pass.fleetOf(claim);
  const usable = claim.pools.flatMap((name) => findPool(fleet, name) ?? []);
  if (claim.pool !== undefined) return usable.find(({ name }) => name === claim.pool);
  const having = (port: Port): PortPool | undefined =>
    usable.find((pool) => claim.protocols.some((protocol) => isInPool(pool, protocol, port)));
  if (claim.requested !== undefined && claim.requested !== held?.port)
    return having(claim.requested) ?? usable[0];
  if (held !== undefined) return poolOfHeld(pass, held);
  const last = former.find((entry) => entry.state === 'cooling' && having(entry.port) !== undefined);
  const pool = last && having(last.port);
  const isKept = last?.state === 'cooling' && toCooledTime(last, pool?.cooldownMs ?? 0) > pass.now;
  return isKept ? pool : usable[0];
}

/** Whether a claim asks for a port of another pool than the one in which it holds one. */
export function asksForOtherPool(pass: Pass, claim: PortClaim, held: HeldPort): boolean {
  return (
    claim.pool !== undefined &&
    claim.pools.includes(claim.pool) &&
    !held.protocols.some((protocol) => pass.poolOf(held, protocol)?.name === claim.pool)
  );
}

function poolOfHeld(pass: Pass, held: HeldPort): PortPool | undefined {
  const [protocol] = held.protocols;
  return protocol && pass.poolOf(held, protocol);
}
