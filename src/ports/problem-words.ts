import { toObjectPath } from '../model/object-ref.ts';
import type { PoolProtocol, Port, PortRange } from '../model/port.ts';
import {
  defaultPool,
  sniPortKind,
  type ClaimIdentity,
  type LedgerEntry,
  type PortClaim,
} from '../model/ports.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { PortPool } from '../settings/port-pool.ts';
import { toRangeText } from './allocation/pool.ts';

/** What of its holder a port is for: `9092`, or `9092 of endpoint kafka-0`. */
export function toTargetText({ holder, servicePort, part }: ClaimIdentity): string {
  if (holder.kind === sniPortKind) return `${servicePort} shared as ${holder.name}`;
  return part === undefined ? String(servicePort) : `${servicePort} of ${part.kind} ${part.name}`;
}

/** A problem about the Service of a claim, at the annotation that asks. */
export function toClaimProblem(claim: PortClaim, code: ProblemCode, message: string, hint: string): Problem {
  return toProblem(code, claim.holder, { field: claim.field, message, hint });
}

/** The source is named only where it is another one: most have one source only. */
export function toHolderText(claim: PortClaim, entry: LedgerEntry): string {
  const { source } = entry.holder;
  const from = source === claim.holder.source ? '' : ` of source ${source}`;
  return `${toObjectPath(entry.holder)}${from} (port ${toTargetText(entry)})`;
}

/** The pool is named only where it is another one than every fleet has. */
export function toPlaceText({ fleet }: PortClaim, { name }: PortPool): string {
  return name === defaultPool ? `fleet ${fleet}` : `pool ${name} of fleet ${fleet}`;
}

/** `the TCP pool 20000-20099`. */
export function toPoolText(protocols: readonly PoolProtocol[], range: PortRange | undefined): string {
  return `the ${toUpperText(protocols)} pool${range === undefined ? '' : ` ${toRangeText(range)}`}`;
}

/** `TCP and UDP`. */
export function toUpperText(protocols: readonly PoolProtocol[]): string {
  return protocols.join(' and ').toUpperCase().replace(' AND ', ' and ');
}

/** Milliseconds since 1970 as RFC 3339. */
export function toTimeText(time: number): string {
  return new Date(time).toISOString();
}

/** What a refusal leaves as it is; empty when that is nothing. */
export function toKeptText(held: Port | undefined): string {
  return held === undefined ? '' : `; pool port ${held} is kept`;
}
