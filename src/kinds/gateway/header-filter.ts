import type { HeaderFilter, HeaderValue } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import { listAt, requiredTextAt, textsAt, type Place } from './place.ts';
import { headerName, headerValue } from './words.ts';

/** As many as the API server takes of each list. */
const mostHeaders = 16;

/** Reads what a filter does with headers. Undefined when any of it cannot be read. */
export function toHeaderFilter(
  type: HeaderFilter['type'],
): (values: Place, field: string) => HeaderFilter | undefined {
  return (values, field) => {
    const set = toHeaderValues(values, 'set');
    const add = toHeaderValues(values, 'add');
    const remove = textsAt(values, 'remove', mostHeaders, headerName);
    if (set === undefined || add === undefined || remove === malformed || !remove.isWhole) return undefined;
    return { type, set, add, remove: remove.entries.map(shareText), field };
  };
}

/** Each header once: of several entries for one the first counts. https://gateway-api.sigs.k8s.io/reference/spec/#httpheader */
function toHeaderValues(values: Place, key: string): readonly HeaderValue[] | undefined {
  const list = listAt(values, key, mostHeaders, toHeaderValue);
  if (list === malformed || !list.isWhole) return undefined;
  const byName = new Map<string, HeaderValue>();
  for (const each of list.entries) {
    const name = each.name.toLowerCase();
    if (!byName.has(name)) byName.set(name, each);
  }
  return [...byName.values()];
}

function toHeaderValue(place: Place): HeaderValue | undefined {
  const name = requiredTextAt(place, 'name', headerName);
  // The empty value is one, in releases that took it.
  const value = place.raw['value'] === '' ? '' : requiredTextAt(place, 'value', headerValue);
  return name === malformed || value === malformed
    ? undefined
    : { name: shareText(name), value: shareText(value) };
}
