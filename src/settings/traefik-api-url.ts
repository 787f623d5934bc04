import { accept, refuse, type Parsed } from '../lib/parsed.ts';

/** The URL of the API of one Traefik, over HTTP or HTTPS: with `api.basePath` where it has one, and without a slash at the end. */
export function parseTraefikApiUrl(text: string): Parsed<string> {
  const url = text.length <= 1_000 && URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.href === url.origin + url.pathname
    ? accept(url.href.replace(/\/+$/, ''))
    : refuse('is not the URL of an API of Traefik', 'write it such as http://127.0.0.1:8080');
}
