import type { ParentRef } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import { toNamedRef } from './named-ref.ts';
import { listAt, portAt, textAt, type Place } from './place.ts';
import { gatewayGroup, sectionName } from './words.ts';

/** What a parentRef is by default. */
export const parentDefaults = { group: gatewayGroup, kind: 'Gateway' } as const;

/** `spec.parentRefs` of a route. One that cannot be read is left out: it attaches the route to nothing. */
export function toParentRefs(spec: Place): readonly ParentRef[] | typeof malformed {
  const list = listAt(spec, 'parentRefs', 32, toParentRef);
  return list === malformed ? malformed : list.entries;
}

function toParentRef(place: Place): ParentRef | undefined {
  const ref = toNamedRef(place, parentDefaults);
  const section = textAt(place, 'sectionName', sectionName);
  const port = portAt(place);
  // Without what narrows it, it would attach the route to more listeners.
  if (ref === undefined || section === malformed || port === malformed) return undefined;
  return {
    ...ref,
    ...(section !== undefined && { sectionName: shareText(section) }),
    ...(port !== undefined && { port }),
  };
}
