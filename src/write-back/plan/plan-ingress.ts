import { isIP } from 'node:net';
import type { AddressedFleet } from '../../pipeline/addressed-fleet.ts';
import type { IngressAddress } from '../../model/objects.ts';
import type { IngressStatus, StatusWrite } from '../write.ts';

type Fleet = Pick<AddressedFleet, 'addresses' | 'lookedUp' | 'name'>;

/**
 * What the status of an Ingress should be: the addresses of the fleets that serve it. While not all of them are known, what
 * stands there stays. Of one that no fleet with addresses serves, only addresses of Fairlead's own fleets are removed: what
 * another controller wrote is not ours to clear.
 */
export function planIngress(
  fleets: readonly Fleet[],
  { ref, uid, addresses, fleets: serving, wasServed = false }: IngressStatus,
): StatusWrite | undefined {
  const present = addresses.map(toText);
  const servants = fleets.filter(({ name }) => serving.includes(name));
  const next = toNext(fleets, servants, present, wasServed);
  if (next.length === present.length && next.every((address, index) => address === present[index]))
    return undefined;
  return { kind: 'status', ref, ...(uid !== undefined && { uid }), addresses: next.map(toIngressAddress) };
}

/**
 * By which addresses a status is known as ours: those that the fleets have, and those looked up that they had.
 * @param wasServed False: only fixed ones count. Those that are looked up may be of nodes, and then another controller on
 * the same nodes rightly publishes them too.
 */
export function toOwnAddresses(fleets: readonly Fleet[], wasServed: boolean): ReadonlySet<string> {
  return new Set(
    fleets.flatMap(({ addresses, lookedUp }) => {
      if (lookedUp === undefined) return addresses;
      return wasServed ? [...addresses, ...lookedUp.former] : lookedUp.fixed;
    }),
  );
}

/** An entry of a status as one text. */
export function toText({ ip, hostname }: IngressAddress): string {
  return ip ?? hostname ?? '';
}

function toNext(
  fleets: readonly Fleet[],
  servants: readonly Fleet[],
  present: readonly string[],
  wasServed: boolean,
): readonly string[] {
  const wanted = servants.flatMap((fleet) => fleet.addresses);
  if (servants.some(({ lookedUp }) => lookedUp?.isComplete === false))
    return [...new Set([...present, ...wanted])];
  if (wanted.length > 0) return [...new Set(wanted)];
  const own = toOwnAddresses(fleets, wasServed);
  return present.filter((address) => !own.has(address));
}

function toIngressAddress(address: string): IngressAddress {
  return isIP(address) === 0 ? { hostname: address } : { ip: address };
}
