import { UsageError } from '../app/usage-error.ts';
import type { Settings } from '../settings/settings.ts';
import { toListenUrl } from './listen-url.ts';

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
  const { pathname } = given === undefined ? { pathname: '' } : parseUrl(given);
  if (/\/traefik\/[^/]/.test(pathname)) return base;
  const root = base.replace(/\/+$/, '');
  return /\/traefik\/*$/.test(pathname) ? `${root}/${fleet}` : `${root}/traefik/${fleet}`;
}

function parseUrl(given: string): URL {
  const refuse = (why: string, example: string): UsageError =>
    new UsageError(`--provider-url ${JSON.stringify(given)} ${why}; write for instance ${example}`);
  const example = 'http://fairlead.example.com:9080';
  // `host:9080` would pass as a URL with the scheme `host:`.
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(given))
    throw refuse('has no http:// or https://', URL.canParse(`http://${given}`) ? `http://${given}` : example);
  if (!URL.canParse(given)) throw refuse('is not a URL', example);
  const url = new URL(given);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refuse('is neither http nor https, and Traefik polls nothing else', example);
  if (given.includes('?') || given.includes('#'))
    throw refuse('has a query or a fragment, which no Fairlead reads', `${url.origin}${url.pathname}`);
  return url;
}
