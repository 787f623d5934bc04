import type { NamedRef } from '../../model/gateway-specs.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { Kind, Meta } from '../../model/objects.ts';
import { malformed, type Field } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import { fieldOf, placeAt, requiredTextAt, textAt, type Place } from './place.ts';
import { groupName, kindName, namespaceName, objectName } from './words.ts';

/** What a reference means that does not say it; without, it has to say it. */
export interface RefDefaults {
  readonly group?: string;
  readonly kind?: string;
  /** It always means the namespace of its own object. */
  readonly isLocal?: true;
}

/** The reference that a mapping is; undefined, and reported, when it cannot be read. */
export function toNamedRef(place: Place, defaults: RefDefaults): NamedRef | undefined {
  const group = toGroup(place, defaults);
  const kind =
    defaults.kind === undefined ? requiredTextAt(place, 'kind', kindName) : textAt(place, 'kind', kindName);
  const namespace = defaults.isLocal === undefined ? textAt(place, 'namespace', namespaceName) : undefined;
  const name = requiredTextAt(place, 'name', objectName);
  if (group === malformed || kind === malformed || namespace === malformed || name === malformed)
    return undefined;
  return {
    group,
    kind: shareText(kind ?? defaults.kind ?? ''),
    ...(namespace !== undefined && { namespace: shareText(namespace) }),
    name: shareText(name),
    field: shareText(place.field),
  };
}

/**
 * As `toNamedRef`, but one that cannot be read names nothing that exists, rather than being left out: what needs it must not go
 * without it.
 */
export function toRefOrNothing(place: Place, defaults: RefDefaults): NamedRef {
  return toNamedRef(place, defaults) ?? { group: '', kind: '', name: '', field: place.field };
}

/** The reference under a key, as `toRefOrNothing`; undefined where there is none. */
export function refOrNothingAt(parent: Place, key: string, defaults: RefDefaults): NamedRef | undefined {
  const place = placeAt(parent, key);
  if (place === malformed) return { group: '', kind: '', name: '', field: fieldOf(parent, key) };
  return place && toRefOrNothing(place, defaults);
}

/** The empty text is a group: the one of the core. */
function toGroup(place: Place, defaults: RefDefaults): string | typeof malformed {
  if (place.raw['group'] === '') return '';
  const group: Field<string> = textAt(place, 'group', groupName);
  return group === malformed ? malformed : shareText(group ?? defaults.group ?? '');
}

/** The object of a kind that a reference in another object names. */
export function toTarget(by: Pick<Meta, 'ref'>, kind: Kind, { namespace, name }: NamedRef): ObjectRef {
  const { source, namespace: own } = by.ref;
  return { source, kind, namespace: namespace ?? own, name };
}
