import { isIPv6 } from 'node:net';
import { z } from 'zod';

const plain =
  /^(?:https?|h2c):\/\/(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?(?:\/[\x21\x23-\x24\x26-\x3b\x3d\x40-\x5b\x5d\x5f\x61-\x7a\x7e]*)?$/;

/** Of no server: Traefik takes it, cannot even try it, and answers each request with 500. */
export const failingUrl = 'failed:';

/** `host:port`, with an IPv6 address in brackets. */
export function toHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Whether Traefik can reach a server under this URL: `http`, `https` or `h2c`, a host and perhaps a port and a path.
 * Stricter than Go, which accepts nearly anything here and fails on each request.
 */
export function isServerUrl(url: string): boolean {
  const match = plain.exec(url);
  if (match === null) return false;
  const bracket = url.indexOf('[');
  if (bracket !== -1 && !isIPv6(url.slice(bracket + 1, url.indexOf(']')))) return false;
  return match[1] === undefined || isPortText(match[1]);
}

/** Whether this is `host:port`, `ip:port` or `[ipv6]:port`, as TCP and UDP servers have it. */
export function isServerAddress(address: string): boolean {
  const match = /^(?:[A-Za-z0-9._-]{1,253}|\[([0-9A-Fa-f:.]{2,45})\]):(\d{1,5})$/.exec(address);
  if (match === null) return false;
  return (match[1] === undefined || isIPv6(match[1])) && isPortText(match[2] ?? '');
}

function isPortText(port: string): boolean {
  const number = Number(port);
  return number >= 1 && number <= 65535;
}

export const serverUrl = z
  .string()
  .refine((url) => url === failingUrl || isServerUrl(url), 'is no URL with http, https or h2c and a host');
export const serverAddress = z.string().refine(isServerAddress, 'is no host:port');

/** A URL that Traefik itself calls, such as that of forwardAuth: with a query if need be. */
export const httpUrl = z.string().refine((url) => {
  const bare = url.split('?', 1)[0] ?? '';
  return !bare.startsWith('h2c') && isServerUrl(bare) && /^[\x21-\x7e]*$/.test(url);
}, 'is no URL with http or https and a host');
