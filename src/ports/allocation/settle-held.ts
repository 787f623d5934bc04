import { compareText } from '../../model/object-ref.ts';
import type { HeldPort, PortClaim } from '../../model/ports.ts';
import { toClaimKey, type ClaimKey } from '../claim.ts';
import { giveBack, type Pass } from './pass.ts';

interface Held {
  readonly key: ClaimKey;
  readonly entry: HeldPort;
}

/**
 * Decides for every held port whether it is still claimed, and gives back what is not. Comes before
 * anything is handed out: a new claim must never get the port of a Service whose clients know it.
 */
export function settleHeld(pass: Pass): void {
  const held: Held[] = [];
  for (const entry of pass.before.entries) {
    if (entry.state === 'held') held.push({ key: toClaimKey(entry), entry });
  }
  for (const { key, entry } of held) chooseHeldPort(pass, key, entry);
  for (const { key, entry } of held) {
    if (!pass.keep(entry.holder)) giveUnclaimedBack(pass, key, entry);
  }
}

/**
 * A claim has one port. It holds two numbers when the ledger was mended by hand, or when it moved while
 * one of its pools was not configured.
 */
function chooseHeldPort(pass: Pass, key: ClaimKey, entry: HeldPort): void {
  const claim = pass.claims.get(key);
  if (claim?.protocols.some((protocol) => entry.protocols.includes(protocol)) !== true) return;
  const chosen = pass.heldPorts.get(key);
  if (chosen === undefined || comparePreference(pass, claim, entry, chosen) < 0)
    pass.heldPorts.set(key, entry);
}

/** The requested number, then the pool asked for, then the one that serves more of the claim, then the last that was given. */
function comparePreference(pass: Pass, claim: PortClaim, a: HeldPort, b: HeldPort): number {
  return (
    Number(b.port === claim.requested) - Number(a.port === claim.requested) ||
    Number(isInPoolAskedFor(pass, claim, b)) - Number(isInPoolAskedFor(pass, claim, a)) ||
    countServed(pass, claim, b) - countServed(pass, claim, a) ||
    compareText(b.since, a.since) ||
    a.port - b.port
  );
}

function isInPoolAskedFor(pass: Pass, claim: PortClaim, entry: HeldPort): boolean {
  return entry.protocols.some((protocol) => pass.poolOf(entry, protocol)?.name === claim.pool);
}

function countServed(pass: Pass, claim: PortClaim, entry: HeldPort): number {
  return claim.protocols.filter(
    (protocol) =>
      entry.protocols.includes(protocol) && pass.poolOf(entry, protocol)?.ranges[protocol] !== undefined,
  ).length;
}

function giveUnclaimedBack(pass: Pass, key: ClaimKey, entry: HeldPort): void {
  const claim = pass.heldPorts.get(key)?.port === entry.port ? pass.claims.get(key) : undefined;
  for (const protocol of entry.protocols) {
    if (claim?.protocols.includes(protocol) !== true) giveBack(pass, entry, protocol);
  }
}
