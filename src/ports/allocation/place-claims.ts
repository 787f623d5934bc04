import type { Port } from '../../model/port.ts';
import { toHolderKey, type HeldPort, type PortClaim } from '../../model/ports.ts';
import { decide, toTarget, type Means, type Placement, type Waiting } from './decide.ts';
import { createFreePorts, type FreePorts } from './free-ports.ts';
import { listWaiting } from './list-waiting.ts';
import { rest, take, type Pass } from './pass.ts';
import { isHeldBy, poolProtocols } from './pool.ts';
import { createQuota } from './quota.ts';
import type { Refusal } from './refusal.ts';

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
  const means: Means = { pass, quota: createQuota(pass), freePorts: createFreePortsOf(pass, queue) };
  const refused = new Set<Waiting>();
  const placed = new Set<Waiting>();
  const hopes = new Map<string, Waiting[]>();
  // The queue grows: a port that a claim moves away from can serve one of the same Service that came before.
  for (const waiting of queue) {
    if (placed.has(waiting)) continue;
    const decision = decide(means, waiting);
    if (decision.kind === 'place') {
      const left = place(means, waiting, decision);
      placed.add(waiting);
      refused.delete(waiting);
      if (left !== undefined) queue.push(...(hopes.get(toHopeKey(waiting, left.port)) ?? []));
    } else {
      refused.add(waiting);
      addHope(hopes, pass, waiting);
    }
  }
  const atTheEnd: Means = { ...means, freePorts: createFreePortsOf(pass, queue) };
  return [...refused].flatMap((waiting) => {
    const refusal = decide(atTheEnd, waiting);
    return refusal.kind === 'place' ? [] : [{ waiting, refusal }];
  });
}

/** Returns the port that the claim moved away from. */
function place(means: Means, waiting: Waiting, { port, protocols, since }: Placement): HeldPort | undefined {
  const { pass, quota } = means;
  const { key, claim } = waiting;
  const home = pass.homes.get(key);
  const numbers = home === undefined || home.port === port ? [port] : [port, home.port];
  const before = countHeld(pass, claim, numbers);
  const entry = take(pass, claim, port, protocols, since);
  if (home?.port !== port) pass.homes.set(key, entry);
  if (home !== undefined && home.port !== port) leave(pass, claim, home);
  quota.add(claim, countHeld(pass, claim, numbers) - before);
  return home?.port === port ? undefined : home;
}

function leave(pass: Pass, claim: PortClaim, home: HeldPort): void {
  for (const protocol of home.protocols) {
    const left = pass.slots.get(claim.fleet, protocol, home.port);
    if (left?.state === 'held' && isHeldBy(left, claim)) rest(pass, left, protocol);
  }
}

/** How many of these numbers the claim holds: part of one can stay behind in a pool that is not configured now. */
function countHeld(pass: Pass, claim: PortClaim, numbers: readonly Port[]): number {
  return numbers.filter((port) =>
    poolProtocols.some((protocol) => isHeldBy(pass.slots.get(claim.fleet, protocol, port), claim)),
  ).length;
}

function toHopeKey({ claim }: Waiting, port: Port): string {
  return `${port}|${toHolderKey(claim.holder)}|${claim.fleet}`;
}

function addHope(hopes: Map<string, Waiting[]>, pass: Pass, waiting: Waiting): void {
  const target = toTarget(pass, waiting);
  if (target === undefined) return;
  const key = toHopeKey(waiting, target);
  const list = hopes.get(key);
  if (list === undefined) hopes.set(key, [waiting]);
  else if (!list.includes(waiting)) list.push(waiting);
}

/** One list of free ports for each fleet and set of protocols, made when it is first needed. */
function createFreePortsOf(pass: Pass, queue: readonly Waiting[]): (waiting: Waiting) => FreePorts {
  const lists = new Map<string, FreePorts>();
  return ({ claim, ports, protocols }) => {
    const key = `${protocols.join()}|${claim.fleet}`;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const made = createFreePorts(pass, claim.fleet, ports, protocols, listWanted(queue, claim.fleet));
    lists.set(key, made);
    return made;
  };
}

function listWanted(queue: readonly Waiting[], fleet: string): ReadonlySet<Port> {
  const wanted = new Set<Port>();
  for (const { claim, formers } of queue) {
    if (claim.fleet !== fleet) continue;
    if (claim.requested !== undefined) wanted.add(claim.requested);
    else for (const port of formers) wanted.add(port);
  }
  return wanted;
}
