import { isIP } from 'node:net';
import type { Gateway } from '../../model/objects.ts';
import { listSome } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import type { Refusal } from './resolved.ts';

/** Where a Gateway that asks for addresses is served. */
export interface ChosenAddresses {
  /** Those that have one of the addresses: what is meant for an internal fleet must not come out on a public one. */
  readonly fleets: readonly FleetSettings[];
  /** The addresses that it gets. Absent: all of these fleets. */
  readonly addresses?: readonly string[];
  /** Why it is not accepted. */
  readonly refusal?: Refusal;
  /** Why it is not programmed. */
  readonly programmed?: Refusal;
}

/**
 * What `spec.addresses` of a Gateway comes to. An address without a value stands for all of its type. Addresses of a fleet that are
 * looked up are not known here: such a fleet counts with those that are fixed, and for an address without a value.
 */
export function chooseAddresses(
  { addresses: asked }: Pick<Gateway, 'addresses'>,
  fleets: readonly FleetSettings[],
): ChosenAddresses {
  if (asked.length === 0) return { fleets };
  const odd = asked.find(({ type }) => type !== 'IPAddress' && type !== 'Hostname');
  if (odd !== undefined)
    return {
      fleets: [],
      refusal: {
        reason: 'UnsupportedAddress',
        field: odd.field,
        message: `${quote(odd.type)} is no type of address that a fleet has`,
        hint: 'Use IPAddress or Hostname, or name no address.',
      },
    };
  const found = asked.map((each) => ({ each, owners: fleets.filter((fleet) => hasAddress(fleet, each)) }));
  const unusable = found.find(({ owners }) => owners.length === 0)?.each;
  const usable = fleets.filter((fleet) => found.some(({ owners }) => owners.includes(fleet)));
  const isWhole = asked.some(({ value }) => value === '');
  const values = found.flatMap(({ each, owners }) => (owners.length > 0 ? each.value : []));
  return {
    fleets: usable,
    ...(!isWhole && { addresses: values }),
    ...(unusable !== undefined && { programmed: refuseAddress(unusable, fleets) }),
  };
}

function hasAddress(
  { addresses, addressSources }: FleetSettings,
  { type, value }: Gateway['addresses'][number],
): boolean {
  if (value !== '') return addresses.includes(value) && toType(value) === type;
  return addressSources !== undefined || addresses.some((each) => toType(each) === type);
}

function toType(address: string): string {
  return isIP(address) === 0 ? 'Hostname' : 'IPAddress';
}

function refuseAddress(
  { type, value, field }: Gateway['addresses'][number],
  fleets: readonly FleetSettings[],
): Refusal {
  const known = [...new Set(fleets.flatMap(({ addresses }) => addresses))];
  return {
    reason: 'AddressNotUsable',
    field,
    message: `${value === '' ? `an address of type ${type}` : quote(value)} is none of the addresses of the fleets that serve the Gateway`,
    hint: known.length === 0 ? 'Name no address.' : `Use ${listSome(known)}, or name no address.`,
  };
}
