import type { TextMatch } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import { listAt, requiredTextAt, wordAt, type Entries, type Place, type TextRule } from './place.ts';
import { headerName, headerValue } from './words.ts';

/** As many as the API server takes of one match. */
const mostConditions = 16;

/** Longer than any that the API server takes; the name is that of a header there as well. */
const queryValue: TextRule = { most: 1024, wanted: 'a text of at most 1,024 characters' };

/** The headers of a match, each once: of several entries for one header the first counts. */
export function toHeaderMatches(match: Place): Entries<TextMatch> {
  return toTextMatches(match, 'headers', headerValue, (name) => name.toLowerCase());
}

/** The query parameters of a match, each once, as headers. */
export function toQueryMatches(match: Place): Entries<TextMatch> {
  return toTextMatches(match, 'queryParams', queryValue, (name) => name);
}

/** https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch */
function toTextMatches(
  match: Place,
  key: string,
  value: TextRule,
  toIdentity: (name: string) => string,
): Entries<TextMatch> {
  const list = listAt(match, key, mostConditions, (place) => toTextMatch(place, value));
  if (list === malformed) return { entries: [], isWhole: false };
  const byName = new Map<string, TextMatch>();
  for (const each of list.entries) {
    const identity = toIdentity(each.name);
    if (!byName.has(identity)) byName.set(identity, each);
  }
  return { entries: [...byName.values()], isWhole: list.isWhole };
}

function toTextMatch(place: Place, valueRule: TextRule): TextMatch | undefined {
  const type = wordAt(place, 'type', ['Exact', 'RegularExpression']);
  const name = requiredTextAt(place, 'name', headerName);
  const value = requiredTextAt(place, 'value', valueRule);
  if (type === malformed || name === malformed || value === malformed) return undefined;
  return { type, name: shareText(name), value: shareText(value) };
}
