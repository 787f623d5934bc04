import { isIP } from 'node:net';
import type { FleetSettings } from '../settings/settings.ts';
import type { IngressStatus } from './plan.ts';
import type { IngressAddress, StatusWrite } from './write.ts';

type AddressedFleet = Pick<FleetSettings, 'name' | 'addresses'>;

/**
 * What the status of an Ingress should be: the addresses of the fleets that serve it. Of one that no fleet with addresses
 * serves, only addresses of Fairlead's own fleets are removed: what another controller wrote is not ours to clear.
 */
export function planIngress(
  fleets: readonly AddressedFleet[],
  { ref, uid, addresses, fleets: serving }: IngressStatus,
): StatusWrite | undefined {
  const wanted = new Set(
    fleets.filter(({ name }) => serving.includes(name)).flatMap((fleet) => fleet.addresses),
  );
  const own = new Set(fleets.flatMap((fleet) => fleet.addresses));
  const present = addresses.map((address) => address.ip ?? address.hostname ?? '');
  const next = wanted.size > 0 ? [...wanted] : present.filter((address) => !own.has(address));
  if (next.length === present.length && next.every((address, index) => address === present[index]))
    return undefined;
  return { kind: 'status', ref, ...(uid !== undefined && { uid }), addresses: next.map(toIngressAddress) };
}

function toIngressAddress(address: string): IngressAddress {
  return isIP(address) === 0 ? { hostname: address } : { ip: address };
}
