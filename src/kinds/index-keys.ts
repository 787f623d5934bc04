import { toObjectKey, type ObjectRef } from '../model/object-ref.ts';
import type { IndexKey } from './kind.ts';

/** The IngressClass of an Ingress that names none. */
export function defaultClassOf(source: string): IndexKey {
  return `default class of ${source}`;
}

/** The ReferenceGrants of a namespace. */
export function grantsIn(source: string, namespace: string): IndexKey {
  return `grants in ${source}/${namespace}`;
}

/** The endpoints of a Service. */
export function slicesOf(service: ObjectRef): IndexKey {
  return `slices of ${toObjectKey(service)}`;
}
