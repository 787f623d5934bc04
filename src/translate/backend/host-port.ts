import { toFlatText } from '../../lib/flat-text.ts';

/** `host:port`, with an IPv6 address in brackets. */
export function toHostPort(host: string, port: number): string {
  return host.includes(':') ? toFlatText('[', host, ']:', port) : toFlatText(host, ':', port);
}

/** RFC 1123, with an optional dot at the end. */
export const dnsName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.?$/i;
