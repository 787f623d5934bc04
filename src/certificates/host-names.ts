import { isIP } from 'node:net';
import type { AlternativeNames } from './extensions.ts';
import { refuse } from './refusal.ts';

/** More are for nobody: the authorities that browsers know stop at 100 or 250. */
const maxNames = 250;

/** Whether a name of a certificate is an address, for which no host name is asked. */
export function isAddressName(name: string): boolean {
  return isIP(name) !== 0;
}

/**
 * The names for which Traefik would show a certificate, each once, in lower case and sorted: hosts, `*.` and a domain, `*`, and
 * addresses. Traefik joins the last common name, the DNS names and the addresses with commas, and splits them again when it
 * looks for a host; it strips dots at the end. A name that it would read as something else is therefore refused.
 */
export function toCertificateNames(
  commonName: string | undefined,
  names: AlternativeNames,
): readonly string[] {
  if (names.dns.length + names.addresses.length > maxNames) {
    return refuse(`has more than ${maxNames} names; use several certificates`);
  }
  const hosts = names.dns.map((name) => toHostName(name) ?? refuseName(name));
  const common = commonName === undefined ? undefined : toCommonHost(commonName);
  return [...new Set([...hosts, ...(common ?? []), ...names.addresses.map(toAddress)])].sort();
}

/** Whether Traefik shows a certificate with these names to who asks for the host; for a wildcard host, to all below it. */
export function coversHost(names: readonly string[], host: string): boolean {
  return names.includes(host) || (!isWildcardName(host) && names.includes(toWildcard(host)));
}

/** The wildcard name that covers a host: `*.example.com` for `www.example.com`, and `*` for a host of one label. */
export function toWildcard(host: string): string {
  const dot = host.indexOf('.');
  return dot < 0 ? '*' : `*${host.slice(dot)}`;
}

/** Whether a name of a certificate stands for all hosts with any first label: `*.example.com`, or `*` for those of one label. */
export function isWildcardName(name: string): boolean {
  return name === '*' || name.startsWith('*.');
}

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const hostName = new RegExp(`^(?:\\*|(?:\\*\\.)?(?:${label}\\.)*${label})$`);

/** A name as a host, a wildcard or an address; undefined for what is none of them. */
function toHostName(name: string): string | undefined {
  const host = name.toLowerCase().replace(/\.+$/, '');
  if (isIP(host) !== 0) return host;
  // A number at the end makes an address of a host for every client: `*.0.0.1` would stand for addresses.
  return host.length <= 253 && hostName.test(host) && !/(^|\.)[0-9]+$/.test(host) ? host : undefined;
}

/**
 * The common name as a host. One with a character that no host name has, such as `Example Ltd`, is no name that Traefik could
 * find, and counts for nothing; that the dotted capital I of Turkish becomes an ASCII i in Go but not here is the one trap.
 */
function toCommonHost(commonName: string): readonly string[] {
  const name = commonName.replaceAll('\u0130', 'i').toLowerCase();
  if (!name.includes(',') && !/^[a-z0-9._*-]*$/.test(name)) return [];
  return [toHostName(name) ?? refuseName(commonName)];
}

function refuseName(name: string): never {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return refuse(`names ${JSON.stringify(shown)}, which is no host name`);
}

/** An address as Go writes it. */
function toAddress(bytes: Buffer): string {
  const isMapped =
    bytes.length === 16 && bytes.subarray(0, 12).equals(Buffer.from('0'.repeat(20) + 'ffff', 'hex'));
  if (bytes.length === 4 || isMapped) return bytes.subarray(-4).join('.');
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
