import type { BackendRef } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { toNamedRef } from './named-ref.ts';
import { entriesOf, listAt, numberAt, portAt, type Place } from './place.ts';

/** As many as the API server takes of one rule. */
export const mostBackends = 16;
const mostWeight = 1_000_000;

/** `backendRefs` of a rule, without filters. */
export function toBackendRefs(rule: Place): readonly BackendRef[] {
  return entriesOf(listAt(rule, 'backendRefs', mostBackends, toBackendRef));
}

/** One that cannot be read keeps its share, and names nothing that exists. */
export function toBackendRef(place: Place): BackendRef {
  const ref = toNamedRef(place, { kind: 'Service' });
  const port = portAt(place);
  const weight = numberAt(place, 'weight', 0, mostWeight);
  const { field } = place;
  const share = weight === malformed ? 1 : (weight ?? 1);
  if (ref === undefined || port === malformed || weight === malformed)
    return { group: '', kind: 'Service', name: '', field, weight: share };
  return { ...ref, ...(port !== undefined && { port }), weight: share };
}
