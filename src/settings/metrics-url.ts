import { accept, refuse, type Parsed } from '../lib/parsed.ts';

/** The URL of the metrics of one Traefik, over HTTP or HTTPS. */
export function parseMetricsUrl(text: string): Parsed<string> {
  const url = text.length <= 1_000 && URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === ''
    ? accept(url.href)
    : refuse('is not the URL of metrics', 'write it such as http://traefik.traefik:8082/metrics');
}
