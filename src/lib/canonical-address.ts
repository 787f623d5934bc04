import { isIP } from 'node:net';

/**
 * An IP address in the one form that is equal for equal addresses: IPv6 after RFC 5952, an IPv4-mapped one as its IPv4 address.
 * Takes brackets, too. What is no address comes back in lower case, as host names are compared.
 */
export function toCanonicalAddress(text: string): string {
  const lower = text.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (isIP(lower) !== 6 || lower.includes('%')) return lower;
  // The URL standard writes IPv6 addresses as RFC 5952 asks, but for mapped ones.
  const address = new URL(`http://[${lower}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped === null) return address;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
