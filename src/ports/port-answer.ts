import { isGatewayHolder, type HeldPort, type PortClaim } from '../model/ports.ts';
import { toMessage } from '../model/message.ts';
import type { Problem } from '../model/problem.ts';
import { refusalCodes } from '../model/refusal-codes.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { findPoolOfEntry } from './allocation/pool.ts';
import { isHeldBy, isSameHolder } from './claim.ts';
import { toHeldAddresses } from './port-address.ts';

/** What became of the pool ports that a listener, or a route itself, asks for. */
export type PortAnswer =
  /** It can be connected to. The message says where, and which other ports are still missing. */
  | { readonly kind: 'allocated'; readonly message: string }
  /** It is given none, and the message says why; `message` ends with how to mend it. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Nothing is in its way: a port is being given, or not yet served by all Traefiks. */
  | { readonly kind: 'pending' };

/** What an answer is made of. */
export interface AnswerInput {
  readonly fleets: readonly Pick<FleetSettings, 'addresses' | 'name' | 'pools'>[];
  /** What the ledger holds for the object of the claims, without what is not served yet. */
  readonly held: readonly HeldPort[];
  /** Those of that object. */
  readonly problems: readonly Problem[];
}

/**
 * The answer to claims of one listener or route: one for each of its fleets.
 * @param claims Not empty.
 */
export function toPortAnswer(claims: readonly PortClaim[], input: AnswerInput): PortAnswer {
  const found = claims.map((claim) => ({ claim, held: findServed(claim, input) }));
  const refusals = [...new Set(claims.flatMap((claim) => explain(claim, input) ?? []))];
  const served = found.flatMap(({ held }) => held ?? []);
  const [first] = refusals;
  if (served.length === 0)
    return first === undefined ? { kind: 'pending' } : { kind: 'refused', message: first };
  const where = `listening on ${served.flatMap((held) => toPlaces(held, input)).join(', ')}`;
  return { kind: 'allocated', message: [where, ...refusals].join('; ') };
}

/** The port of a claim, unless it is another one than it asks for, or one that no pool has any more. */
function findServed(claim: PortClaim, { fleets, held }: AnswerInput): HeldPort | undefined {
  const fleet = fleets.find(({ name }) => name === claim.fleet);
  return held.find(
    (each) =>
      isHeldBy(each, claim) &&
      (claim.requested === undefined || claim.requested === each.port) &&
      each.protocols.every((protocol) => findPoolOfEntry(fleet, protocol, each) !== undefined),
  );
}

/** `edge.example.com:26735/TCP`; without an address `port 26735/TCP`. */
function toPlaces(held: HeldPort, { fleets }: AnswerInput): readonly string[] {
  const on = held.protocols.map((protocol) => protocol.toUpperCase()).join('+');
  const addresses = toHeldAddresses(held, fleets);
  return (addresses.length === 0 ? [`port ${held.port}`] : addresses).map((each) => `${each}/${on}`);
}

/** The words of the problem that the claim has. Where there is no pool at all, that stands at none of the claims. */
function explain({ holder, field }: PortClaim, { problems }: AnswerInput): string | undefined {
  const own = problems.filter(({ code, subject }) => {
    const isAbout = isGatewayHolder(subject) && isSameHolder(subject, holder);
    return isAbout && refusalCodes.has(code) && code !== 'pool-port-kept';
  });
  const problem = own.find((each) => each.field === field) ?? own.find(({ code }) => code === 'pool-refused');
  return problem && `${toMessage(problem.message)}. ${problem.hint}`;
}
