import { toObjectPath } from '../model/object-ref.ts';
import type { PoolProtocol, Port, PortRange } from '../model/port.ts';
import {
  defaultPool,
  isGatewayHolder,
  sniPortKind,
  type ClaimIdentity,
  type LedgerEntry,
  type PortClaim,
} from '../model/ports.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { PortPool } from '../settings/port-pool.ts';
import { toRangeText } from './allocation/pool.ts';

/** What of its holder a port is for: `Service port 9092`, `Service port 9092 of endpoint kafka-0`, `listener mysql`, `the route`. */
export function toTargetText(claim: ClaimIdentity): string {
  return isGatewayHolder(claim.holder) ? toListenerText(claim) : `Service ${toPortText(claim)}`;
}

function toListenerText({ part }: ClaimIdentity): string {
  return part === undefined ? 'the route' : `listener ${part.name}`;
}

function toPortText({ holder, servicePort, part }: ClaimIdentity): string {
  if (holder.kind === sniPortKind) return `port ${servicePort} shared as ${holder.name}`;
  return part === undefined ? `port ${servicePort}` : `port ${servicePort} of ${part.kind} ${part.name}`;
}

/** A problem about the object of a claim, where it asks. */
export function toClaimProblem(claim: PortClaim, code: ProblemCode, message: string, hint: string): Problem {
  return toProblem(code, claim.holder, { field: claim.field, message, hint });
}

/**
 * The source is named only where it is another one: most have one source only. What a Gateway or a route is refused stands in its
 * status, which has no names of other namespaces in it.
 */
export function toHolderText(claim: PortClaim, entry: LedgerEntry): string {
  const { source, namespace } = entry.holder;
  const isOwn = source === claim.holder.source && namespace === claim.holder.namespace;
  if (isGatewayHolder(claim.holder) && !isOwn) return 'another namespace';
  const from = source === claim.holder.source ? '' : ` of source ${source}`;
  if (!isGatewayHolder(entry.holder)) return `${toObjectPath(entry.holder)}${from} (${toPortText(entry)})`;
  const within = entry.part === undefined ? '' : ` (${toListenerText(entry)})`;
  return `${toObjectPath(entry.holder)}${from}${within}`;
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

/** What else would want a port: `Service` where Services ask by annotations, `one` where listeners and routes do. */
export function toAskerWord({ holder }: PortClaim): string {
  return isGatewayHolder(holder) ? 'one' : 'Service';
}

/** How whoever asked for a number is given any: the end of a sentence. */
export function toGivenText({ holder, field, part }: PortClaim): string {
  const isNumbered = isGatewayHolder(holder) && !field.startsWith('metadata.annotations[');
  return isNumbered
    ? `name ${part?.name ?? 'the listener'} in fairlead.dev/allocate-port to be given a port`
    : 'remove the request to be given a port';
}

/** How another number is got in place of one that no pool has any more: the end of a sentence. */
export function toAnewText(claim: PortClaim): string {
  return isGatewayHolder(claim.holder)
    ? `ask for another one, or delete ${toTargetText(claim)} and make it again`
    : `stop exposing ${toTargetText(claim)} and expose it again to be given another`;
}
