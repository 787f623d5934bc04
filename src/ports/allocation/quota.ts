import type { Port } from '../../model/port.ts';
import type { Holder, LedgerEntry, PortClaim } from '../../model/ports.ts';
import type { PortPool } from '../../settings/port-pool.ts';
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
   * Undefined when the namespace of the claim may have these ports of the pool, or so many besides those that it is charged with.
   * What it is charged with already it may always have.
   */
  refusal(claim: PortClaim, pool: PortPool, wanted: number | readonly Port[]): Refusal | undefined;
  /** This port has been given to the claim, or back by it. */
  note(claim: PortClaim, port: Port): void;
}

/** The end of a charge by the number, in milliseconds since 1970; Infinity while it is held. */
type Charges = Map<Port, number>;

export function createQuota(pass: Pass): Quota {
  const tenants = new Map<TenantKey, Charges>();
  for (const { protocol, entry } of pass.entries.all()) {
    const pool = pass.poolOf(entry, protocol);
    if (pool?.maxPerNamespace == null) continue;
    const end = toEnd(pool, entry);
    if (end > pass.now) raise(chargesOf(tenants, toTenantKey(entry, pool.name)), entry.port, end);
  }
  return {
    refusal(claim, pool, wanted) {
      const max = pool.maxPerNamespace;
      if (max === null) return undefined;
      const charges: Charges = tenants.get(toTenantKey(claim, pool.name)) ?? new Map();
      const more = typeof wanted === 'number' ? wanted : wanted.filter((port) => !charges.has(port)).length;
      return more === 0 || charges.size + more <= max ? undefined : toRefusal(charges, max, more);
    },
    note({ fleet, holder }, port) {
      const touched = poolProtocols.flatMap((protocol) => {
        const entry = pass.entries.get(fleet, protocol, port);
        const pool = entry && pass.poolOf(entry, protocol);
        return pool && isSameTenant(entry.holder, holder) ? [{ entry, pool }] : [];
      });
      // In every pool: an import takes a number out of the one that it cooled down in.
      for (const { name } of pass.fleetOf({ fleet })?.pools ?? [])
        tenants.get(toTenantKey({ fleet, holder }, name))?.delete(port);
      for (const { entry, pool } of touched) {
        const end = toEnd(pool, entry);
        // What has cooled down is charged to nobody any more.
        if (end > pass.now) raise(chargesOf(tenants, toTenantKey(entry, pool.name)), port, end);
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

function toEnd({ cooldownMs }: PortPool, entry: LedgerEntry): number {
  return entry.state === 'held' ? Infinity : toCooledTime(entry, cooldownMs);
}

function isSameTenant(a: Holder, b: Holder): boolean {
  return a.source === b.source && a.namespace === b.namespace;
}

function toRefusal(charges: Charges, max: number, more: number): Refusal {
  const ends = [...charges.values()].filter(Number.isFinite).sort((a, b) => a - b);
  const held = charges.size - ends.length;
  return {
    kind: 'quota',
    max,
    held,
    cooling: ends.length,
    more,
    until: ends[charges.size - max + more - 1] ?? null,
  };
}
