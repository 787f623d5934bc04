import type { Settings } from '../settings/settings.ts';
import { toListenUrl } from './listen-url.ts';
import { parseHttpUrl } from './parse-http-url.ts';

/**
 * The URL that a Traefik on the same machine polls for a fleet, or the fleet's path below the one that is given. A path with a
 * part `traefik` and more behind it is taken as it is.
 * @throws UsageError when what is given is no URL that Traefik could poll.
 */
export function toProviderUrl(
  { listen, provider }: Pick<Settings, 'listen' | 'provider'>,
  fleet: string,
  given: string | undefined,
): string {
  const base = given ?? toListenUrl(listen.provider, provider.tls === null ? 'http' : 'https');
  const { pathname } = given === undefined ? { pathname: '' } : parseHttpUrl('--provider-url', given);
  if (/\/traefik\/[^/]/.test(pathname)) return base;
  const root = base.replace(/\/+$/, '');
  return /\/traefik\/*$/.test(pathname) ? `${root}/${fleet}` : `${root}/traefik/${fleet}`;
}
