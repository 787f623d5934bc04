import type { Port } from '../../model/port.ts';
import type { LedgerEntry, PortClaim } from '../../model/ports.ts';
import { toTenantKey, type TenantKey } from '../claim.ts';
import type { Pass } from './pass.ts';
import { poolProtocols, toCooledTime } from './pool.ts';
import type { Refusal } from './refusal.ts';

/**
 * What each namespace of each source is charged with in each pool: the numbers that its objects hold, and those that cool down
 * after them, since nobody else can have those either. Both protocols of one number count once.
 */
export interface Quota {
  /**
   * Undefined when the namespace of the claim may have this port; without one, when it may have any other than it is charged with.
   * What it is charged with already it may always have.
   */
  refusal(claim: PortClaim, port?: Port): Refusal | undefined;
  /** This port has been given to the claim, or back by it. */
  note(claim: PortClaim, port: Port): void;
}

/** The end of a charge by the number, in milliseconds since 1970; Infinity while it is held. */
type Charges = Map<Port, number>;

export function createQuota(pass: Pass): Quota {
  const tenants = new Map<TenantKey, Charges>();
  for (const { entry } of pass.entries.all()) {
    if (pass.poolOf(entry)?.maxPerNamespace == null) continue;
    const end = toEnd(pass, entry);
    if (end > pass.now) raise(chargesOf(tenants, toTenantKey(entry)), entry.port, end);
  }
  return {
    refusal(claim, port) {
      const max = pass.poolOf(claim)?.maxPerNamespace ?? null;
      const charges = tenants.get(toTenantKey(claim));
      if (max === null || charges === undefined) return undefined;
      return charges.size < max || (port !== undefined && charges.has(port))
        ? undefined
        : toRefusal(charges, max);
    },
    note(claim, port) {
      const key = toTenantKey(claim);
      const charges = chargesOf(tenants, key);
      charges.delete(port);
      for (const protocol of poolProtocols) {
        const entry = pass.entries.get(claim.fleet, protocol, port);
        if (entry !== undefined && toTenantKey(entry) === key) raise(charges, port, toEnd(pass, entry));
      }
    },
  };
}

function chargesOf(tenants: Map<TenantKey, Charges>, key: TenantKey): Charges {
  const known = tenants.get(key);
  if (known !== undefined) return known;
  const charges: Charges = new Map();
  tenants.set(key, charges);
  return charges;
}

function raise(charges: Charges, port: Port, end: number): void {
  charges.set(port, Math.max(end, charges.get(port) ?? 0));
}

function toEnd(pass: Pass, entry: LedgerEntry): number {
  return entry.state === 'held' ? Infinity : toCooledTime(entry, pass.poolOf(entry)?.cooldownMs ?? 0);
}

function toRefusal(charges: Charges, max: number): Refusal {
  const ends = [...charges.values()].filter(Number.isFinite).sort((a, b) => a - b);
  const held = charges.size - ends.length;
  return { kind: 'quota', max, held, cooling: ends.length, until: ends[charges.size - max] ?? null };
}
