import type { LedgerEntry, PortClaim } from '../../model/ports.ts';
import type { Pass } from './pass.ts';
import { isHeldBy, toTenantKey, type TenantKey } from '../claim.ts';
import type { Refusal } from './refusal.ts';

/** How many ports each namespace of each source holds in each fleet. Both protocols of one number count once. */
export interface Quota {
  /** Undefined when the namespace of the claim may have one more port. */
  refusal(claim: PortClaim): Refusal | undefined;
  /** The namespace of the claim holds so many more. */
  add(claim: PortClaim, more: number): void;
}

export function createQuota(pass: Pass): Quota {
  const counts = countHeld(pass);
  return {
    refusal(claim) {
      const max = pass.poolOf(claim)?.maxPerNamespace ?? null;
      return max !== null && (counts.get(toTenantKey(claim)) ?? 0) >= max
        ? { kind: 'quota', max }
        : undefined;
    },
    add: (claim, more) => increase(counts, claim, more),
  };
}

function countHeld(pass: Pass): Map<TenantKey, number> {
  const counts = new Map<TenantKey, number>();
  for (const { protocol, entry } of pass.entries.held()) {
    const counted = protocol === 'udp' && isHeldBy(pass.entries.get(entry.fleet, 'tcp', entry.port), entry);
    if (!counted) increase(counts, entry, 1);
  }
  return counts;
}

function increase(counts: Map<TenantKey, number>, of: PortClaim | LedgerEntry, more: number): void {
  const key = toTenantKey(of);
  counts.set(key, (counts.get(key) ?? 0) + more);
}
