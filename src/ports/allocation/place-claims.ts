import type { Port } from '../../model/port.ts';
import type { HeldPort, PortClaim } from '../../model/ports.ts';
import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import { isHeldBy } from '../claim.ts';
import { decide, toTarget, type Supply, type Placement } from './decide.ts';
import { decideBeside, decideRun, type RunPlacement } from './decide-run.ts';
import { createFreePorts, type FreePorts } from './free-ports.ts';
import { listWaiting } from './list-waiting.ts';
import { giveBack, take, type Pass } from './pass.ts';
import { createQuota } from './quota.ts';
import type { Refusal } from './refusal.ts';
import type { Waiting } from './waiting.ts';

/** A claim that stays without what it asks for. */
export interface Refused {
  readonly waiting: Waiting;
  readonly refusal: Refusal;
}

/**
 * Serves the claims that wait, the older Service first. The refusals are as things stand at the end,
 * so that a second pass says the same.
 */
export function placeClaims(pass: Pass): readonly Refused[] {
  const queue = listWaiting(pass);
  if (queue.length === 0) return [];
  const supply: Supply = { pass, quota: createQuota(pass), freePorts: createFreePortsOf(pass, queue) };
  const refused = new Set<Waiting>();
  const done = new Set<Waiting>();
  const refusedByPort = new Map<string, Waiting[]>();
  // The queue grows: a port that a claim moves away from can serve one of the same Service that came before.
  for (const waiting of queue) {
    if (done.has(waiting)) continue;
    const decision = decideEach(supply, waiting);
    // A run is placed, or refused, with its first member.
    for (const member of waiting.run?.members ?? []) done.add(member);
    if (decision.kind !== 'place' && decision.kind !== 'place-run') {
      refused.add(waiting);
      addRefused(refusedByPort, pass, waiting);
      continue;
    }
    const places = decision.kind === 'place' ? [{ waiting, placement: decision }] : decision.places;
    for (const each of places) {
      const left = place(supply, each.waiting, each.placement);
      done.add(each.waiting);
      refused.delete(each.waiting);
      if (left !== undefined) queue.push(...(refusedByPort.get(toOwnPortKey(waiting, left.port)) ?? []));
    }
  }
  const atTheEnd: Supply = { ...supply, freePorts: createFreePortsOf(pass, queue) };
  return [...refused].flatMap((waiting) => {
    const refusal = decideEach(atTheEnd, waiting);
    return refusal.kind === 'place' || refusal.kind === 'place-run' ? [] : [{ waiting, refusal }];
  });
}

function decideEach(supply: Supply, waiting: Waiting): Placement | Refusal | RunPlacement {
  if (waiting.run !== undefined) return decideRun(supply, waiting.run);
  return waiting.beside === undefined
    ? decide(supply, waiting)
    : decideBeside(supply, waiting, waiting.beside);
}

/** Returns the port that the claim moved away from. */
function place(
  supply: Supply,
  waiting: Waiting,
  { port, protocols, since }: Placement,
): HeldPort | undefined {
  const { pass, quota } = supply;
  const { key, claim, pool } = waiting;
  const held = pass.heldPorts.get(key);
  const entry = take(pass, claim, pool, port, protocols, since);
  if (held?.port !== port) pass.heldPorts.set(key, entry);
  if (held !== undefined && held.port !== port) leave(pass, claim, held);
  quota.note(claim, port);
  if (held !== undefined) quota.note(claim, held.port);
  return held?.port === port ? undefined : held;
}

function leave(pass: Pass, claim: PortClaim, held: HeldPort): void {
  for (const protocol of held.protocols) {
    const left = pass.entries.get(claim.fleet, protocol, held.port);
    if (left?.state === 'held' && isHeldBy(left, claim)) giveBack(pass, left, protocol);
  }
}

/** A port that the same object wants for one of its claims. */
function toOwnPortKey({ claim }: Waiting, port: Port): string {
  return `${port}|${toObjectKey(claim.holder)}|${claim.fleet}`;
}

function addRefused(refusedByPort: Map<string, Waiting[]>, pass: Pass, waiting: Waiting): void {
  const target = toTarget(pass, waiting);
  if (target === undefined) return;
  const key = toOwnPortKey(waiting, target);
  const list = refusedByPort.get(key);
  if (list === undefined) refusedByPort.set(key, [waiting]);
  else if (!list.includes(waiting)) list.push(waiting);
}

/** One list of free ports for each fleet and set of protocols, made when it is first needed. */
function createFreePortsOf(pass: Pass, queue: readonly Waiting[]): (waiting: Waiting) => FreePorts {
  const lists = new Map<string, FreePorts>();
  return ({ claim, pool, protocols }) => {
    const key = `${protocols.join()}|${pool.name}|${claim.fleet}`;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const wanted = listWanted(pass, queue, claim.fleet);
    for (const port of listComingBack(pass, claim.fleet)) wanted.add(port);
    const made = createFreePorts(pass, claim.fleet, pool, protocols, wanted);
    lists.set(key, made);
    return made;
  };
}

function listWanted(pass: Pass, queue: readonly Waiting[], fleet: string): Set<Port> {
  const wanted = new Set<Port>();
  for (const waiting of queue) {
    const { claim, formerPorts, beside } = waiting;
    if (claim.fleet !== fleet) continue;
    const target = beside === undefined ? claim.requested : toTarget(pass, waiting);
    if (target !== undefined) wanted.add(target);
    else for (const port of formerPorts) wanted.add(port);
  }
  return wanted;
}

/**
 * Ports of endpoints that are away while their Service still asks: nobody knows whether they have been scaled away or restart for longer
 * than the cooldown, so they are handed out only when the pool has nothing else.
 */
function* listComingBack(pass: Pass, fleet: string): Iterable<Port> {
  const asking = new Set<ObjectKey>();
  for (const { part, holder } of pass.claims.values())
    if (part?.kind === 'endpoint') asking.add(toObjectKey(holder));
  if (asking.size === 0) return;
  for (const { entry } of pass.entries.all()) {
    const isAway = entry.fleet === fleet && entry.state === 'cooling' && entry.part?.kind === 'endpoint';
    if (isAway && asking.has(toObjectKey(entry.holder))) yield entry.port;
  }
}
