import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import { textsAt, type Place } from './place.ts';
import { hostname } from './words.ts';

/**
 * `spec.hostnames` of a route, in lower case, each once. One that cannot be read is left out; `malformed` when none of those that are
 * written is left, since without any the route would take all hosts.
 */
export function toHostnames(spec: Place, most: number): readonly string[] | typeof malformed {
  const list = textsAt(spec, 'hostnames', most, hostname);
  if (list === malformed || (list.entries.length === 0 && !list.isWhole)) return malformed;
  return [...new Set(list.entries.map((each) => shareText(each.toLowerCase())))];
}
