import { toBank } from '../../model/bank.ts';
import { importedPool } from '../../model/imported-port.ts';
import { isPort, type PoolProtocol, type Port } from '../../model/port.ts';
import type { LedgerEntry, PortClaim } from '../../model/ports.ts';
import type { FreePorts } from './free-ports.ts';
import { isServing, type Pass } from './pass.ts';
import { isHeldBy, isSameButForPort, isSameClaim, isSameHolder, toClaimKey } from '../claim.ts';
import { asksForOtherPool } from './choose-pool.ts';
import { isHandedOut, isInPool, isRequestable, poolProtocols, toCooledTime } from './pool.ts';
import type { Quota } from './quota.ts';
import type { Blocked, Refusal } from './refusal.ts';
import type { Waiting } from './waiting.ts';

/** How many ports may cool down after one claim when it is to get another by number: so often it may move within a cooldown. */
const mostCooling = 3;

export interface Placement {
  readonly kind: 'place';
  readonly port: Port;
  readonly protocols: readonly PoolProtocol[];
  /** RFC 3339: since when the claim has this number. */
  readonly since: string;
}

/** What there is to hand out. */
export interface Supply {
  readonly pass: Pass;
  readonly quota: Quota;
  readonly freePorts: (waiting: Waiting) => FreePorts;
}

/** The protocols on which a claim does not hold this port. */
export function missingAt(
  pass: Pass,
  claim: PortClaim,
  protocols: readonly PoolProtocol[],
  port: Port,
): readonly PoolProtocol[] {
  return protocols.filter((protocol) => !isHeldBy(pass.entries.get(claim.fleet, protocol, port), claim));
}

/** The one port that a waiting claim can be served with; undefined when any port of its pool will do. */
export function toTarget(pass: Pass, { key, claim, beside }: Waiting): Port | undefined {
  if (beside !== undefined) {
    const port = beside.anchor + beside.distance;
    return isPort(port) ? port : undefined;
  }
  const held = pass.heldPorts.get(key);
  return claim.requested ?? (held && asksForOtherPool(pass, claim, held) ? undefined : held?.port);
}

/** What a waiting claim gets as things stand, or why it gets nothing. Changes nothing. */
export function decide(supply: Supply, waiting: Waiting): Placement | Refusal {
  const { pass } = supply;
  const { claim, protocols } = waiting;
  const held = pass.heldPorts.get(waiting.key);
  const port = toTarget(pass, waiting);
  if (port === undefined) return decideAny(supply, waiting);
  if (held?.port === port) {
    // Another protocol on the number that the clients already know.
    const missing = missingAt(pass, claim, protocols, port);
    const refusal =
      findOutside(waiting, missing, port) ??
      findBlock(pass, waiting, missing, port) ??
      findClosedBank(pass, waiting, port);
    return refusal ?? { kind: 'place', port, protocols: missing, since: held.since };
  }
  return decideNumber(supply, waiting, port);
}

/** Whether a claim can have the number that it asks for. */
export function decideNumber({ pass, quota }: Supply, waiting: Waiting, port: Port): Placement | Refusal {
  const { claim, protocols } = waiting;
  const refusal =
    findOutside(waiting, protocols, port) ??
    findOutOfBand(waiting, port) ??
    quota.refusal(claim, waiting.pool, [port]) ??
    findMoveLimit(pass, waiting, port) ??
    findBlock(pass, waiting, protocols, port) ??
    findClosedBank(pass, waiting, port);
  return refusal ?? { kind: 'place', port, protocols, since: pass.nowText };
}

function decideAny(supply: Supply, waiting: Waiting): Placement | Refusal {
  const { claim, pool, protocols } = waiting;
  const since = supply.pass.nowText;
  const { quota } = supply;
  const former = waiting.formerPorts.find(
    (port) => mayReturnTo(supply.pass, waiting, port) && quota.refusal(claim, pool, [port]) === undefined,
  );
  if (former !== undefined) return { kind: 'place', port: former, protocols, since };
  const refusal = quota.refusal(claim, pool, 1) ?? findMoveLimit(supply.pass, waiting, undefined);
  if (refusal !== undefined) return refusal;
  const free = supply.freePorts(waiting);
  const port = free.peek();
  return port === undefined
    ? { kind: 'exhausted', protocols, until: free.nextRelief() }
    : { kind: 'place', port, protocols, since };
}

function findOutside(waiting: Waiting, protocols: readonly PoolProtocol[], port: Port): Refusal | undefined {
  for (const protocol of protocols) {
    const range = waiting.pool.ranges[protocol]?.range;
    if (range !== undefined && !isInPool(waiting.pool, protocol, port)) {
      return { kind: 'outside-pool', port, protocol, range };
    }
  }
  return undefined;
}

function findOutOfBand({ pool }: Waiting, port: Port): Refusal | undefined {
  const band = pool.requestable;
  return band === null || isRequestable(pool, port) ? undefined : { kind: 'outside-band', port, band };
}

/** A holder stands in the way rather than a port that cools down: only the latter goes away by itself. */
export function findBlock(
  pass: Pass,
  waiting: Waiting,
  protocols: readonly PoolProtocol[],
  port: Port,
): Blocked | undefined {
  let longest: (Blocked & { readonly until: number }) | undefined;
  for (const protocol of protocols) {
    const by = pass.entries.get(waiting.claim.fleet, protocol, port);
    if (by === undefined || isFreeFor(pass, waiting, by)) continue;
    if (by.state === 'held') return { kind: 'blocked', port, protocol, by, until: null };
    const until = toCooledTime(by, waiting.pool.cooldownMs);
    if (longest === undefined || until > longest.until)
      longest = { kind: 'blocked', port, protocol, by, until };
  }
  return longest;
}

/** The last of all refusals: who gets this one would have the port if its bank were open. */
export function findClosedBank(pass: Pass, { claim, pool }: Waiting, port: Port): Refusal | undefined {
  return isServing(pass, claim.fleet, pool, port)
    ? undefined
    : { kind: 'bank-closed', port, bank: toBank(pool, port) };
}

/** Each move leaves a port behind that nobody can have for a while: one claim must not take them all. */
export function findMoveLimit(
  pass: Pass,
  { key, claim, formerPorts }: Waiting,
  port: Port | undefined,
): Refusal | undefined {
  // What has no port yet is given one, however often it has lost it.
  if (port === undefined && !pass.heldPorts.has(key)) return undefined;
  const ends = new Map<Port, number>();
  for (const former of formerPorts) {
    for (const protocol of poolProtocols) {
      const entry = former === port ? undefined : pass.entries.get(claim.fleet, protocol, former);
      if (entry?.state !== 'cooling' || !isSameClaim(entry, claim)) continue;
      const end = toCooledTime(entry, pass.poolOf(entry, protocol)?.cooldownMs ?? 0);
      if (end > pass.now) ends.set(former, end);
    }
  }
  if (ends.size < mostCooling) return undefined;
  return { kind: 'moved-often', port: port ?? null, cooling: ends.size, until: Math.min(...ends.values()) };
}

/** A port cools down to protect other tenants: the Service that had it may name it again, also for another of its ports. */
function isFreeFor(pass: Pass, { claim, pool }: Waiting, entry: LedgerEntry): boolean {
  if (entry.state === 'held') return isHeldBy(entry, claim);
  // Who says where imports lead may lead one of their numbers elsewhere at once.
  if (claim.pool === importedPool && entry.pool === importedPool) return true;
  return isSameHolder(entry.holder, claim.holder) || toCooledTime(entry, pool.cooldownMs) <= pass.now;
}

/** Whether a port is free for a claim that had it before, or that finds it among what is handed out. */
export function mayReturnTo(pass: Pass, { claim, pool, protocols }: Waiting, port: Port): boolean {
  if (!isServing(pass, claim.fleet, pool, port)) return false;
  let own = false;
  for (const protocol of protocols) {
    if (!isInPool(pool, protocol, port)) return false;
    const entry = pass.entries.get(claim.fleet, protocol, port);
    if (entry === undefined || isHeldBy(entry, claim)) continue;
    const cooled = entry.state === 'cooling' && toCooledTime(entry, pool.cooldownMs) <= pass.now;
    // A Service that changes the number of a port keeps its pool port.
    const former = isSameClaim(entry, claim) || (isSameButForPort(entry, claim) && isGivenUp(pass, entry));
    if (!cooled && (entry.state === 'held' || !former)) return false;
    own ||= !cooled;
  }
  // Once it has cooled down it is a port like any other, and those of the band are never handed out.
  return own || isHandedOut(pool, port);
}

/** Whether it cools down after a Service port that does not ask any more. */
export function isGivenUp(pass: Pass, entry: LedgerEntry): boolean {
  return entry.state === 'cooling' && !pass.claims.has(toClaimKey(entry));
}
