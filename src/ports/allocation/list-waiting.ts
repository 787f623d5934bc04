import type { Port } from '../../model/port.ts';
import type { LedgerEntry, PortClaim } from '../../model/ports.ts';
import { missingAt, type Waiting } from './decide.ts';
import { byClaimOrder, pooledProtocols, type Pass } from './pass.ts';
import { compareText } from '../../model/object-ref.ts';
import { toClaimKey, type ClaimKey } from '../claim.ts';

/** The claims that do not have all that they ask for, the older Service first. */
export function listWaiting(pass: Pass): Waiting[] {
  const waiting: Omit<Waiting, 'formerPorts'>[] = [];
  for (const [key, claim] of pass.claims) {
    const ports = pass.poolOf(claim);
    if (ports === undefined) continue;
    const protocols = pooledProtocols(pass, claim);
    if (protocols.length > 0 && !isSettled(pass, key, claim)) waiting.push({ key, claim, ports, protocols });
  }
  if (waiting.length === 0) return [];
  const formerPorts = listFormerPorts(pass, new Set(waiting.map(({ key }) => key)));
  return waiting
    .sort((a, b) => byClaimOrder(a.claim, b.claim))
    .map(({ key, claim, ports, protocols }) => ({
      key,
      claim,
      ports,
      protocols,
      formerPorts: formerPorts.get(key) ?? [],
    }));
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

/** The ports that claims held before, or hold on a protocol that they claim no more: the last one first. */
function listFormerPorts(pass: Pass, keys: ReadonlySet<ClaimKey>): ReadonlyMap<ClaimKey, readonly Port[]> {
  const former = new Map<ClaimKey, LedgerEntry[]>();
  for (const entry of pass.before.entries) {
    const key = toClaimKey(entry);
    if (!keys.has(key)) continue;
    const list = former.get(key);
    if (list === undefined) former.set(key, [entry]);
    else list.push(entry);
  }
  return new Map([...former].map(([key, list]) => [key, list.sort(byLastHeld).map(({ port }) => port)]));
}

function byLastHeld(a: LedgerEntry, b: LedgerEntry): number {
  return compareText(toEnd(b), toEnd(a)) || a.port - b.port;
}

/** When it was last held, as a text that orders; a port still held comes last of all. */
function toEnd(entry: LedgerEntry): string {
  return entry.state === 'held' ? '~' : entry.freed;
}
