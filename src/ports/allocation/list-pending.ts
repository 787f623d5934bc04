import type { LedgerState, PortClaim } from '../../model/ports.ts';
import { toClaimKey } from '../claim.ts';

/** The claims for which there is a port in the ledger that should be, and none in the one that is durable. */
export function listPending(
  claims: readonly PortClaim[],
  durable: LedgerState,
  wanted: LedgerState,
): readonly PortClaim[] {
  if (wanted === durable) return [];
  const held = toHeldKeys(durable);
  const given = toHeldKeys(wanted);
  return claims.filter((claim) => {
    const key = toClaimKey(claim);
    return given.has(key) && !held.has(key);
  });
}

function toHeldKeys({ entries }: LedgerState): ReadonlySet<string> {
  return new Set(entries.filter(({ state }) => state === 'held').map(toClaimKey));
}
