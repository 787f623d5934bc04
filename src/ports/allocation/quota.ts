import type { LedgerEntry, PortClaim } from '../../model/ports.ts';
import type { Pass } from './pass.ts';
import { isHeldBy } from './pool.ts';
import type { Refusal } from './refusal.ts';

/** How many ports each namespace of each source holds in each fleet. Both protocols of one number count once. */
export interface Quota {
  /** Undefined when the namespace of the claim may have one more port. */
  refusal(claim: PortClaim): Refusal | undefined;
  /** The namespace of the claim holds so many more. */
  add(claim: PortClaim, more: number): void;
}

export function createQuota(pass: Pass): Quota {
  const limited = [...pass.fleets.values()].some((ports) => ports.maxPerNamespace !== null);
  const counts = limited ? countHeld(pass) : new Map<string, number>();
  return {
    refusal(claim) {
      const max = pass.fleets.get(claim.fleet)?.maxPerNamespace ?? null;
      return max !== null && (counts.get(toKey(claim)) ?? 0) >= max ? { kind: 'quota', max } : undefined;
    },
    add: (claim, more) => increase(counts, claim, more),
  };
}

function countHeld(pass: Pass): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { protocol, entry } of pass.slots.held()) {
    const counted = protocol === 'udp' && isHeldBy(pass.slots.get(entry.fleet, 'tcp', entry.port), entry);
    if (!counted) increase(counts, entry, 1);
  }
  return counts;
}

function increase(counts: Map<string, number>, of: PortClaim | LedgerEntry, more: number): void {
  const key = toKey(of);
  counts.set(key, (counts.get(key) ?? 0) + more);
}

function toKey({ fleet, holder }: PortClaim | LedgerEntry): string {
  return `${holder.source}|${holder.namespace}|${fleet}`;
}
