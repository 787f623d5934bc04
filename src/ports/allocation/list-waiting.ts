import type { Port } from '../../model/port.ts';
import type { LedgerEntry, PortClaim } from '../../model/ports.ts';
import { isGivenUp, missingAt, type Waiting } from './decide.ts';
import { byClaimOrder, pooledProtocols, type Pass } from './pass.ts';
import { compareText, toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import { isSameButForPort, toClaimKey, type ClaimKey } from '../claim.ts';

/** The claims that do not have all that they ask for, the older Service first. */
export function listWaiting(pass: Pass): Waiting[] {
  const waiting: Omit<Waiting, 'formerPorts'>[] = [];
  for (const [key, claim] of pass.claims) {
    const pool = pass.poolOf(claim);
    if (pool === undefined) continue;
    const protocols = pooledProtocols(pass, claim);
    if (protocols.length > 0 && !isSettled(pass, key, claim)) waiting.push({ key, claim, pool, protocols });
  }
  if (waiting.length === 0) return [];
  const formerPorts = listFormerPorts(pass, waiting);
  return waiting
    .sort((a, b) => byClaimOrder(a.claim, b.claim))
    .map((each) => ({ ...each, formerPorts: formerPorts.get(each.key) ?? [] }));
}

function isSettled(pass: Pass, key: ClaimKey, claim: PortClaim): boolean {
  const held = pass.heldPorts.get(key);
  if (held === undefined) return false;
  if (claim.requested !== undefined && claim.requested !== held.port) {
    // To move is to give a port back, and nothing is given back on the word of a source that is not synced.
    return pass.keep(claim.holder);
  }
  return missingAt(pass, claim, pooledProtocols(pass, claim), held.port).length === 0;
}

/** Of the ports that a holder has given up, so many are looked at for each of its claims. */
const mostGivenUp = 100;

/**
 * For each claim the ports that it held before, or holds on a protocol that it claims no more, the last one first; then those that
 * the same holder has given up for a Service port that does not ask any more.
 */
function listFormerPorts(
  pass: Pass,
  waiting: readonly Pick<Waiting, 'claim' | 'key'>[],
): ReadonlyMap<ClaimKey, readonly Port[]> {
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
      const ports = others.filter((entry) => isSameButForPort(entry, claim)).slice(0, mostGivenUp);
      return [key, [...new Set([...(own.get(key) ?? []), ...ports].map(({ port }) => port))]];
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
