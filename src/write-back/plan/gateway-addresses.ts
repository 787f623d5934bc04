import { isIP } from 'node:net';
import type { AddressedFleet } from '../../pipeline/addressed-fleet.ts';
import { toObjects } from './gateway-conditions.ts';

/** An entry of `status.addresses` of a Gateway. */
export interface GatewayAddress {
  readonly type: 'Hostname' | 'IPAddress';
  readonly value: string;
}

/** As the API server checks it. */
const hostname = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** The most that the list holds. */
const mostAddresses = 16;

/**
 * Where clients reach a Gateway: the addresses of its fleets, or those of them that it asks for. While not all of a fleet's are known, what
 * stands there stays.
 */
export function toGatewayAddresses(
  fleets: readonly Pick<AddressedFleet, 'addresses' | 'lookedUp'>[],
  asked: readonly string[] | undefined,
  present: unknown,
): readonly GatewayAddress[] {
  const known = fleets.flatMap(({ addresses }) => addresses);
  const isIncomplete = fleets.some(({ lookedUp }) => lookedUp?.isComplete === false);
  const kept = isIncomplete ? toObjects(present).map(({ value }) => String(value)) : [];
  const all = [...new Set([...kept, ...known])];
  return all
    .filter((value) => asked === undefined || asked.includes(value))
    .flatMap((value) => toAddress(value) ?? [])
    .slice(0, mostAddresses);
}

function toAddress(value: string): GatewayAddress | undefined {
  if (isIP(value) !== 0) return { type: 'IPAddress', value };
  const name = value.toLowerCase();
  return hostname.test(name) && name.length <= 253 ? { type: 'Hostname', value: name } : undefined;
}
