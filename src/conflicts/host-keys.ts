import { toFlatText } from '../lib/flat-text.ts';
import { toHostText, type HostMatch } from '../routes/match.ts';

/** Those who route this very host, by its text. */
export function toHostKey(text: string): string {
  return toFlatText('host ', text);
}

/** Those who route a one-label wildcard, by its text, or an exact host below it. */
export function toBelowKey(wildcard: string): string {
  return toFlatText('below ', wildcard);
}

/** Those who route a one-label wildcard, by its text, or an exact host below it for which they bring no certificate. */
export function toContestKey(wildcard: string): string {
  return toFlatText('contest ', wildcard);
}

/** The one-label wildcard that a host is, or is below of, as certificates have it: `*` for a host of one label. */
export function toWildcardOf(host: HostMatch): string | undefined {
  if (host.kind === 'any') return undefined;
  if (host.kind === 'wildcard') return host.labels === 'one' ? toHostText(host) : undefined;
  const dot = host.name.indexOf('.');
  return dot < 0 ? '*' : `*${host.name.slice(dot)}`;
}
