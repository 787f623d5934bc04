import { append } from '../lib/group-by.ts';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { PoolProtocol, Port } from '../model/port.ts';
import type { ClaimIdentity, HeldPort, Holder, LedgerEntry, LedgerState } from '../model/ports.ts';

declare const claimKey: unique symbol;
/** A `ClaimIdentity` as one string, equal for equal ones, for maps. Never shown to users. */
export type ClaimKey = string & { readonly [claimKey]: true };

declare const portKey: unique symbol;
/** A pool port of one fleet and protocol as one string, for maps. Never shown to users. */
export type PortKey = string & { readonly [portKey]: true };

declare const tenantKey: unique symbol;
/** The namespace of a source, in one pool of one fleet, as one string, for maps. Never shown to users. */
export type TenantKey = string & { readonly [tenantKey]: true };

/** None of the parts can hold a `|`: sources and fleets are checked by the settings, the rest by the readers. */
export function toClaimKey({ fleet, holder, part, servicePort }: ClaimIdentity): ClaimKey {
  const within = part === undefined ? '' : `${part.kind} ${part.name}`;
  return `${toObjectKey(holder)}|${within}|${servicePort}|${fleet}` as ClaimKey;
}

export function toPortKey(fleet: string, protocol: PoolProtocol, port: Port): PortKey {
  return `${protocol}|${port}|${fleet}` as PortKey;
}

/** A held port with what it is held for: another one when either changes. */
export function toHoldKey(held: HeldPort): string {
  return `${held.port}|${held.protocols.join()}|${toClaimKey(held)}`;
}

/** Who has to share a quota. */
export function toTenantKey(
  { fleet, holder }: Pick<ClaimIdentity, 'fleet' | 'holder'>,
  pool: string,
): TenantKey {
  return `${holder.source}|${holder.namespace}|${pool}|${fleet}` as TenantKey;
}

/** The same object, whichever of its ports. */
export function isSameHolder(a: Holder, b: Holder): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.source === b.source && a.kind === b.kind;
}

export function isSameClaim(a: ClaimIdentity, b: ClaimIdentity): boolean {
  return (
    a.servicePort === b.servicePort &&
    a.fleet === b.fleet &&
    a.part?.name === b.part?.name &&
    a.part?.kind === b.part?.kind &&
    isSameHolder(a.holder, b.holder)
  );
}

/** The same holder, and the same part of it: perhaps for another of its ports. */
export function isSameButForPort(a: ClaimIdentity, b: ClaimIdentity): boolean {
  return isSameClaim(a, { ...b, servicePort: a.servicePort });
}

/** Whether an entry is held by what claims, and not merely by the same object. */
export function isHeldBy(entry: LedgerEntry | undefined, claim: ClaimIdentity): boolean {
  return entry?.state === 'held' && isSameClaim(entry, claim);
}

/** The ports that each object holds, by its key. */
export function toHeldPorts({ entries }: LedgerState): ReadonlyMap<ObjectKey, readonly HeldPort[]> {
  const held = new Map<ObjectKey, HeldPort[]>();
  for (const entry of entries) {
    if (entry.state !== 'held') continue;
    append(held, toObjectKey(entry.holder), entry);
  }
  return held;
}
