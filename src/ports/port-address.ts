import type { Port } from '../model/port.ts';

/** How a client writes a port of a host: `edge.example.com:20000`, `[2001:db8::1]:20000`. */
export function toPortAddress(address: string, port: Port): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
