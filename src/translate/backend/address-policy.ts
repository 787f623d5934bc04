import { parseIpAddress, toInnerAddresses } from '../../lib/ip-address.ts';
import { NetworkSet } from '../../lib/network-set.ts';
import type { ExternalRights } from './external-rights.ts';

/**
 * Addresses that no tenant may publish, whatever is configured: they mean the edge host itself, its link, or the services from
 * which a cloud hands out credentials. Sources: RFC 6890 (this host, loopback, link-local, multicast, reserved), RFC 3879
 * (site-local), and the clouds' own documentation of their metadata addresses.
 */
const forbidden = new NetworkSet([
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4', // reserved, and broadcast
  '::/127', // unspecified and loopback
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  'fd00:ec2::/32', // Amazon
  'fd20:ce::254', // Google
  'fd00:c1::a9fe:a9fe', // Oracle
  '100.100.100.200', // Alibaba
  '168.63.129.16', // Azure
  '192.0.0.192', // Oracle
]);

/** Why a namespace may not write endpoints by hand; undefined when it may. */
export function forbidByHand(namespace: string, { isOpen, field }: ExternalRights): string | undefined {
  return isOpen ? undefined : `is written by hand, which namespace ${namespace} may not do (${field})`;
}

/** What holds for addresses that are written by hand. */
export interface HandLimits {
  /** Where they have to lie, and the field that says so. */
  readonly rights: Pick<ExternalRights, 'field' | 'networks'>;
  /** The edge itself and the API server; see `toOwnAddresses`. */
  readonly own: NetworkSet;
}

/**
 * Why an address may not be a server; undefined when it may. One that carries an IPv4 address inside is judged by that as well.
 * @param byHand What holds for those that are written by hand; undefined for the others.
 */
export function forbidAddress(text: string, byHand: HandLimits | undefined): string | undefined {
  const address = parseIpAddress(text);
  if (address === undefined) return 'is not an IP address';
  const inner = toInnerAddresses(address);
  const all = inner.length === 0 ? [address] : [address, ...inner];
  if (all.some((each) => forbidden.has(each)))
    return 'is a loopback, link-local, multicast, reserved or metadata address, which nobody may publish';
  if (byHand === undefined) return undefined;
  if (all.some((each) => byHand.own.has(each)))
    return 'is an address of the edge itself or of the API server, which nobody may publish';
  // Not the outer one: `::/0` would let everything through that `allowedCIDRs` keeps out.
  const judged = inner.length > 0 ? inner : [address];
  return judged.every((each) => byHand.rights.networks.has(each))
    ? undefined
    : `is outside ${byHand.rights.field}`;
}
