import { isIPv4 } from 'node:net';

/**
 * Whether a host name or address, as in a URL without its brackets and port, always means the machine itself. `*.localhost`
 * too (RFC 6761, 6.3); but no other name, whatever it resolves to.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIPv4(name) && name.startsWith('127.');
}
