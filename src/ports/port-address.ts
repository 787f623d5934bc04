import type { Port } from '../model/port.ts';
import type { HeldPort } from '../model/ports.ts';
import type { FleetSettings } from '../settings/settings.ts';

/** How a client writes a port of a host: `edge.example.com:20000`, `[2001:db8::1]:20000`. */
export function toPortAddress(address: string, port: Port): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** How a client writes a held port, on each address of its fleet; none when the fleet has none or is not configured. */
export function toHeldAddresses(
  { fleet, port }: Pick<HeldPort, 'fleet' | 'port'>,
  fleets: readonly Pick<FleetSettings, 'addresses' | 'name'>[],
): readonly string[] {
  const addresses = fleets.find(({ name }) => name === fleet)?.addresses ?? [];
  return addresses.map((address) => toPortAddress(address, port));
}
