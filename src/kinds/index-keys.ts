import { toObjectKey, type ObjectRef } from '../model/object-ref.ts';
import type { IndexKey } from './kind.ts';

/** The endpoints of a Service. */
export function slicesOf(service: ObjectRef): IndexKey {
  return `slices of ${toObjectKey(service)}`;
}
