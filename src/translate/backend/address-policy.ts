import { isIP } from 'node:net';
import type { BlockList } from 'node:net';
import { toBlockList } from '../../annotations/parsers.ts';
import type { ServiceSettings } from '../../settings/settings.ts';
import { dnsName } from './host-port.ts';

/**
 * Addresses that no tenant may publish, whatever is configured: they mean the edge host itself, its link, or the services from
 * which a cloud hands out credentials. Sources: RFC 6890 (this host, loopback, link-local, multicast, broadcast) and the clouds'
 * own documentation of their metadata addresses.
 */
const forbidden = toBlockList([
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255',
  '::/127', // unspecified and loopback
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254', // Amazon
  '100.100.100.200', // Alibaba
  '168.63.129.16', // Azure
  '192.0.0.192', // Oracle
]);

/**
 * Why a DNS name may not be a server; undefined when it may. What resolvers read as an address (a last label of digits, or in
 * hexadecimal) is refused, for it would pass by the rules for addresses.
 */
export function forbidName(name: string): string | undefined {
  if (!dnsName.test(name)) return 'is not a DNS name';
  return /(^|\.)(\d+|0x[0-9a-f]*|localhost)\.?$/i.test(name)
    ? 'means an address or the edge host itself, not the name of another host'
    : undefined;
}

/** Why a namespace may not write endpoints by hand; undefined when it may. */
export function forbidByHand(
  namespace: string,
  { externalEndpoints: { namespaces } }: Pick<ServiceSettings, 'externalEndpoints'>,
): string | undefined {
  return namespaces.length === 0 || namespaces.includes(namespace)
    ? undefined
    : `is written by hand, which namespace ${namespace} may not do (services.externalEndpoints.namespaces)`;
}

/**
 * Why an address may not be a server; undefined when it may.
 * @param allowed The networks of those that are written by hand; undefined for the others.
 */
export function forbidAddress(address: string, allowed: BlockList | undefined): string | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  // With a zone it means an interface of the edge host.
  if (isIP(address) === 0 || address.includes('%')) return 'is not an IP address';
  if (forbidden.check(address, family))
    return 'is a loopback, link-local, multicast or metadata address, which nobody may publish';
  if (allowed && !allowed.check(address, family)) return 'is outside services.externalEndpoints.allowedCIDRs';
  return undefined;
}
