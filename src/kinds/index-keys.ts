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

/** The canary Ingresses of a namespace that have a host; no host is any. Takes a host as Ingresses write it. */
export function canariesAt(source: string, namespace: string, host: string): IndexKey {
  return `canaries in ${source}/${namespace} at ${host.toLowerCase().replace(/\.$/, '')}`;
}

/** The endpoints of a Service. */
export function slicesOf(service: ObjectRef): IndexKey {
  return `slices of ${toObjectKey(service)}`;
}
