import { toFlatText } from '../lib/flat-text.ts';
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
  return toFlatText('canaries in ', source, '/', namespace, ' at ', host.toLowerCase().replace(/\.$/, ''));
}

/** The endpoints of a Service. */
export function slicesOf(service: ObjectRef): IndexKey {
  return toFlatText('slices of ', toObjectKey(service));
}

/** The ListenerSets that want to belong to a Gateway. */
export function listenerSetsOf(gateway: ObjectRef): IndexKey {
  return `listener sets of ${toObjectKey(gateway)}`;
}

/** The BackendTLSPolicies that name a Service. */
export function policiesFor(service: ObjectRef): IndexKey {
  return toFlatText('policies for ', toObjectKey(service));
}

/** The GRPCRoutes, HTTPRoutes and TLSRoutes that have a Service among their backends. */
export function routesTo(service: ObjectRef): IndexKey {
  return toFlatText('routes to ', toObjectKey(service));
}

/** The routes of a kind that name a Gateway or ListenerSet, and a hostname in lower case; the empty one where they have none. */
export function routesAt(kind: 'GRPCRoute' | 'HTTPRoute', parent: ObjectRef, hostname: string): IndexKey {
  return toFlatText(kind, 's at ', toObjectKey(parent), ' for ', hostname);
}
