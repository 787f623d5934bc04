import type { Service, ServicePort, TransportProtocol } from '../../model/objects.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import { listSome } from '../../model/problem.ts';
import type { BackendRef, ExtensionFilter } from '../../model/route-specs.ts';
import { findServicePort } from '../backend/servers.ts';
import type { Translating } from '../context.ts';
import { mayRefer } from './grants.ts';
import type { FieldRefusal } from './unsupported.ts';

/** The port of a Service that a `backendRef` leads to. */
export interface BackendTarget {
  readonly service: Service;
  readonly port: ServicePort;
}

/** What a `backendRef` of a route leads to, or why to nothing. What other namespaces have is said to those alone whom they let. */
export function findBackend(
  context: Translating,
  route: ObjectRef,
  ref: BackendRef,
  protocol: TransportProtocol = 'TCP',
): BackendTarget | FieldRefusal {
  const { group, kind, name, namespace = route.namespace, port: number, field } = ref;
  if (group !== '' || kind !== 'Service')
    return refuse(
      'InvalidKind',
      field,
      `a ${kind.slice(0, 80)}${group === '' ? '' : ` of ${group.slice(0, 80)}`} cannot be routed to`,
      'Name a Service.',
    );
  if (!mayRefer(context, route, { group, kind, namespace, name }))
    return refuse(
      'RefNotPermitted',
      field,
      `no ReferenceGrant in namespace ${namespace} lets a ${route.kind} of namespace ${route.namespace} refer to Service ${name}`,
      `Ask for a ReferenceGrant in namespace ${namespace}, or name a Service of the own namespace.`,
    );
  const service = context.view.service(route.source, namespace, name);
  if (service === undefined)
    return refuse(
      'BackendNotFound',
      field,
      `there is no Service ${name} in namespace ${namespace}`,
      'Create the Service, or correct the name.',
    );
  const port = number === undefined ? undefined : findServicePort(service, number, protocol);
  return port === undefined ? refusePort(ref, service, protocol) : { service, port };
}

function refusePort(
  { port, name, field }: BackendRef,
  { ports }: Service,
  protocol: TransportProtocol,
): FieldRefusal {
  const known = listSome(ports.map((each) => `${each.port}/${each.protocol}`)) || 'it has none';
  return refuse(
    'BackendNotFound',
    `${field}.port`,
    port === undefined
      ? `the port of Service ${name} is missing`
      : `Service ${name} has no ${protocol} port ${port}`,
    `Use one of its ports: ${known}.`,
  );
}

/** What a route names and cannot have. */
export function refuse(reason: string, field: string, message: string, hint: string): FieldRefusal {
  return { code: 'gateway-refs-unresolved', reason, field, message, hint };
}

/** Why a filter of other people's making is not carried out. */
export function refuseExtension({ field, ref }: ExtensionFilter): FieldRefusal {
  return refuse(
    'InvalidKind',
    field,
    `there is no filter of kind ${ref.kind.slice(0, 80)}`,
    'Remove the filter; until then requests of the rule get 500.',
  );
}
