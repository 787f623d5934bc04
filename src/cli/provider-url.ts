import { parseDocumentName, type DocumentName } from '../model/document-name.ts';
import type { Settings } from '../settings/settings.ts';
import { toListenUrl } from './listen-url.ts';
import { parseHttpUrl } from './parse-http-url.ts';

/**
 * The URL that a Traefik on the same machine polls for a document, or the document's path below the one that is given. A path with a
 * part `traefik` and more behind it is taken as it is, but for the number of a bank, which is added when it ends with a fleet.
 * @throws UsageError when what is given is no URL that Traefik could poll.
 */
export function toProviderUrl(
  { listen, provider }: Pick<Settings, 'listen' | 'provider'>,
  document: DocumentName,
  given: string | undefined,
): string {
  const base = given ?? toListenUrl(listen.provider, provider.tls === null ? 'http' : 'https');
  const { pathname } = given === undefined ? { pathname: '' } : parseHttpUrl('--provider-url', given);
  const root = base.replace(/\/+$/, '');
  const { bank } = parseDocumentName(document);
  if (/\/traefik\/[^/]+\/*$/.test(pathname) && bank > 0) return `${root}/${bank}`;
  if (/\/traefik\/[^/]/.test(pathname)) return base;
  return /\/traefik\/*$/.test(pathname) ? `${root}/${document}` : `${root}/traefik/${document}`;
}
