import { toClaimedAge } from '../../model/object-ref.ts';
import type { Meta, SourceObject } from '../../model/objects.ts';

/**
 * An object as a folder delivers it: nothing that it says of its origin is proof. Its age counts among folders only, no annotation counts as
 * written by Fairlead, and its endpoints are written by hand, whatever their labels say.
 */
export function toWrittenByHand(object: SourceObject): SourceObject {
  const meta = toOwnMeta(object.meta);
  switch (object.kind) {
    case 'EndpointSlice':
      return { ...object, meta, byHand: true };
    case 'Endpoints':
      return { ...object, meta, groups: object.groups.map((group) => ({ ...group, meta, byHand: true })) };
    default:
      return meta === object.meta ? object : { ...object, meta };
  }
}

function toOwnMeta(meta: Meta): Meta {
  if (meta.created === undefined && meta.written === undefined) return meta;
  const { created, written: _claimed, ...own } = meta;
  return created === undefined ? own : { ...own, created: toClaimedAge(created) };
}
