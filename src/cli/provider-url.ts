import type { Settings } from '../settings/settings.ts';

/** The URL that a Traefik on the same machine polls for a fleet, or the fleet's path below the one that is given. */
export function toProviderUrl(
  { listen, provider }: Settings,
  fleet: string,
  given: string | undefined,
): string {
  const { host, port } = listen.provider;
  // An address that means "all" is not one to connect to.
  const reachable = host === '' || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const scheme = provider.tls === null ? 'http' : 'https';
  const base = given ?? `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  return base.includes('/traefik') ? base : `${base.replace(/\/+$/, '')}/traefik/${fleet}`;
}
