import { append } from '../../lib/group-by.ts';
import type { Port } from '../../model/port.ts';
import type { PortClaim } from '../../model/ports.ts';
import { toObjectKey } from '../../model/object-ref.ts';
import { toClaimKey, type ClaimKey } from '../claim.ts';
import { asksForOtherPool } from './choose-pool.ts';
import type { Pass } from './pass.ts';
import { findPoolOf } from './pool.ts';
import type { Waiting } from './waiting.ts';

declare const runKey: unique symbol;
/** What has its ports side by side: an object, or an endpoint of it, in one fleet, by the pools that it may have them of. */
type RunKey = string & { readonly [runKey]: true };

function toRunKey({ fleet, holder, part, pool, pools }: PortClaim): RunKey {
  const within = part === undefined ? '' : `${part.kind} ${part.name}`;
  return `${toObjectKey(holder)}|${within}|${pool ?? ''}|${pools.join()}|${fleet}` as RunKey;
}

/** The claims that are to have consecutive numbers, run by run, each in the order of the Service ports. */
export function listRuns(claims: Iterable<PortClaim>): readonly (readonly PortClaim[])[] {
  const runs = new Map<RunKey, PortClaim[]>();
  for (const claim of claims) {
    if (claim.contiguous !== true) continue;
    append(runs, toRunKey(claim), claim);
  }
  return [...runs.values()].map((run) => run.sort((a, b) => a.servicePort - b.servicePort));
}

/**
 * Tells those that wait for a place in a run which place that is. Where a port of the run has a number already, the others have to
 * stand beside it; where none has one they are placed all together.
 */
export function assignRuns(pass: Pass, waiting: readonly Waiting[]): Waiting[] {
  const asking = new Map<ClaimKey, Waiting>(waiting.map((each) => [each.key, each]));
  const assigned = new Map<ClaimKey, Waiting>();
  for (const claims of listRuns(pass.claims.values())) {
    // What can have no port, such as that of a protocol without a pool, has no place.
    const keys = claims.map(toClaimKey).filter((key) => asking.has(key) || pass.heldPorts.has(key));
    // One port alone is a run wherever it lies.
    if (keys.length < 2 || !keys.some((key) => asking.has(key))) continue;
    const members = keys.map((key) => ({ waiting: asking.get(key), port: findPlace(pass, key) }));
    for (const each of members.some(({ port }) => port !== undefined)
      ? placeBeside(pass, members)
      : placeTogether(members))
      assigned.set(each.key, each);
  }
  return waiting.map((each) => assigned.get(each.key) ?? each);
}

interface Member {
  readonly waiting: Waiting | undefined;
  /** The number that it has in the pool of the run. */
  readonly port: Port | undefined;
}

function findPlace(pass: Pass, key: ClaimKey): Port | undefined {
  const held = pass.heldPorts.get(key);
  const claim = pass.claims.get(key);
  return held && claim && !asksForOtherPool(pass, claim, held) ? held.port : undefined;
}

function placeBeside(pass: Pass, members: readonly Member[]): readonly Waiting[] {
  return members.flatMap(({ waiting, port }, index) => {
    if (waiting === undefined || port !== undefined || waiting.claim.requested !== undefined) return [];
    const nearest = findNearest(members, index);
    const anchor = members[nearest]?.port;
    if (anchor === undefined) return [];
    return [{ ...inPoolOf(pass, waiting, anchor), beside: { anchor, distance: index - nearest } }];
  });
}

/** The run goes on in its own pool, whichever the claim would have a port of by itself. */
function inPoolOf(pass: Pass, waiting: Waiting, anchor: Port): Waiting {
  const { claim } = waiting;
  const [pool] = claim.protocols.flatMap(
    (protocol) => findPoolOf(pass.fleetOf(claim), protocol, anchor) ?? [],
  );
  if (pool === undefined || !claim.pools.includes(pool.name)) return waiting;
  const protocols = claim.protocols.filter((protocol) => pool.ranges[protocol] !== undefined);
  return { ...waiting, pool, protocols };
}

function findNearest(members: readonly Member[], index: number): number {
  for (let distance = 1; distance < members.length; distance += 1) {
    for (const at of [index - distance, index + distance]) if (members[at]?.port !== undefined) return at;
  }
  return -1;
}

function placeTogether(members: readonly Member[]): readonly Waiting[] {
  const all = members.flatMap(({ waiting }) => waiting ?? []);
  const [first] = all;
  if (first === undefined) return [];
  const asked = all.findIndex(({ claim }) => claim.requested !== undefined);
  const requested = all[asked]?.claim.requested;
  const pool = all[Math.max(asked, 0)]?.pool ?? first.pool;
  const run: Waiting[] = [];
  const base = requested === undefined ? undefined : requested - asked;
  for (const each of all) {
    const protocols = each.claim.protocols.filter((protocol) => pool.ranges[protocol] !== undefined);
    run.push({ ...each, pool, protocols, run: { members: run, ...(base !== undefined && { base }) } });
  }
  return run;
}
