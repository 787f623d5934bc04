import type { LedgerEntry, PortClaim } from '../../model/ports.ts';
import { isGivenUp, missingAt } from './decide.ts';
import { assignRuns } from './runs.ts';
import type { Waiting } from './waiting.ts';
import { asksForOtherPool, choosePool } from './choose-pool.ts';
import { byClaimOrder, type Pass } from './pass.ts';
import { compareText, toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import { isSameButForPort, toClaimKey, type ClaimKey } from '../claim.ts';

/** The claims that do not have all that they ask for, in a fleet that has a pool for it; the older Service first. */
export function listWaiting(pass: Pass): Waiting[] {
  const unsettled = [...pass.claims]
    .flatMap(([key, claim]) => (isSettled(pass, key, claim) ? [] : [{ key, claim }]))
    .sort((a, b) => byClaimOrder(a.claim, b.claim));
  if (unsettled.length === 0) return [];
  const former = listFormer(pass, unsettled);
  const waiting = unsettled.flatMap(({ key, claim }): readonly Waiting[] => {
    const { own = [], givenUp = [] } = former.get(key) ?? {};
    const pool = choosePool(pass, claim, pass.heldPorts.get(key), own);
    const protocols = claim.protocols.filter((protocol) => pool?.ranges[protocol] !== undefined);
    if (pool === undefined || protocols.length === 0) return [];
    const formerPorts = [...new Set([...own, ...givenUp].map(({ port }) => port))];
    return [{ key, claim, pool, protocols, formerPorts }];
  });
  return assignRuns(pass, waiting);
}

function isSettled(pass: Pass, key: ClaimKey, claim: PortClaim): boolean {
  const held = pass.heldPorts.get(key);
  if (held === undefined) return false;
  const moves = claim.requested !== undefined && claim.requested !== held.port;
  if (moves || asksForOtherPool(pass, claim, held)) {
    // To move is to give a port back, and nothing is given back on the word of a source that is not synced.
    return pass.keep(claim.holder);
  }
  const pool = choosePool(pass, claim, held, []);
  // What it holds of a pool that it may not use any more it keeps, and gets no more of it.
  if (pool === undefined || !claim.pools.includes(pool.name)) return true;
  const protocols = claim.protocols.filter((protocol) => pool.ranges[protocol] !== undefined);
  return missingAt(pass, claim, protocols, held.port).length === 0;
}

/** Of the ports that a holder has given up, so many are looked at for each of its claims. */
const mostGivenUp = 100;

interface Former {
  readonly own: readonly LedgerEntry[];
  readonly givenUp: readonly LedgerEntry[];
}

/**
 * For each claim the ports that it held before, or holds on a protocol that it claims no more, the last one first; and those that
 * the same holder has given up for a Service port that does not ask any more.
 */
function listFormer(
  pass: Pass,
  waiting: readonly Pick<Waiting, 'claim' | 'key'>[],
): ReadonlyMap<ClaimKey, Former> {
  const own = new Map<ClaimKey, LedgerEntry[]>(waiting.map(({ key }) => [key, []]));
  const givenUp = new Map<ObjectKey, LedgerEntry[]>(
    waiting.map(({ claim }) => [toObjectKey(claim.holder), []]),
  );
  for (const { entry } of pass.entries.all()) {
    own.get(toClaimKey(entry))?.push(entry);
    if (isGivenUp(pass, entry)) givenUp.get(toObjectKey(entry.holder))?.push(entry);
  }
  for (const entries of [...own.values(), ...givenUp.values()]) entries.sort(byLastHeld);
  return new Map(
    waiting.map(({ key, claim }) => {
      const others = givenUp.get(toObjectKey(claim.holder)) ?? [];
      const given = others.filter((entry) => isSameButForPort(entry, claim)).slice(0, mostGivenUp);
      return [key, { own: own.get(key) ?? [], givenUp: given }];
    }),
  );
}

function byLastHeld(a: LedgerEntry, b: LedgerEntry): number {
  return compareText(toEnd(b), toEnd(a)) || a.servicePort - b.servicePort || a.port - b.port;
}

/** When it was last held, as a text that orders; a port still held comes last of all. */
function toEnd(entry: LedgerEntry): string {
  return entry.state === 'held' ? '~' : entry.freed;
}
