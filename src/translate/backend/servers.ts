import type { PortReference, Service, ServicePort, TransportProtocol } from '../../model/objects.ts';
import type { ProblemCode } from '../../model/problem-codes.ts';
import type { Directives } from '../../annotations/directives.ts';
import type { BackendMode, Dialect } from '../../settings/settings.ts';
import { toDefaultMode } from './backend-mode.ts';
import { forbidAddress, forbidByHand, type HandLimits } from './address-policy.ts';
import type { Translating } from '../context.ts';
import { findEndpointPort } from './endpoint-port.ts';
import { findForbiddenEndpoints, resolveEndpoints, toHandLimits } from './endpoints.ts';
import { toWeightedAddress, type Servers } from './finding.ts';
import { isOfFamily, toFamily } from './ip-family.ts';
import { forbidName, forbidUnlisted } from './name-policy.ts';
import { resolveNodePort } from './node-port.ts';

/**
 * The port of a Service by name or number; among equals the first. An ExternalName Service may do without ports: then any number
 * is one, as Traefik, ingress-nginx and haproxy-ingress have it; for ingress-nginx also beside the ports that it has.
 */
export function findServicePort(
  service: Service,
  reference: PortReference,
  protocol?: TransportProtocol,
  dialect?: Dialect,
): ServicePort | undefined {
  const found = service.ports.find(
    (port) =>
      (protocol === undefined || port.protocol === protocol) &&
      (typeof reference === 'number' ? port.port === reference : port.name === reference && reference !== ''),
  );
  if (found !== undefined || service.type !== 'ExternalName' || typeof reference !== 'number') return found;
  return service.ports.length === 0 || dialect === 'nginx'
    ? { name: '', port: reference, protocol: protocol ?? 'TCP' }
    : undefined;
}

/**
 * Where the traffic of a Service port goes, as the Service and its annotations say.
 * @param byDefault What holds when the annotations do not say it.
 */
export function resolveServers(
  context: Translating,
  service: Service,
  port: ServicePort,
  directives: Directives,
  byDefault: BackendMode = toDefaultMode(context.settings, service),
): Servers {
  if (service.type === 'ExternalName') return resolveExternalName(context, service, port);
  const isByNode = directives.nodePortLb === true && service.type === 'NodePort';
  const mode: BackendMode = isByNode ? 'nodeport' : (directives.backends ?? byDefault);
  const servers =
    mode === 'endpoints'
      ? resolveEndpoints(context, service, port, directives)
      : resolveInCluster(context, service, port, mode);
  return { ...servers, carried: [...servers.carried, isByNode ? 'nodePortLb' : 'backends'] };
}

/**
 * The port as it is dialled by the Ingresses of a dialect: of an ExternalName Service ingress-nginx takes the number in `targetPort`, which
 * nothing in Kubernetes reads there. Source: https://github.com/kubernetes/ingress-nginx/blob/main/internal/ingress/controller/endpointslices.go
 */
export function toDialledPort(
  service: Service,
  port: ServicePort,
  dialect: Dialect | undefined,
): ServicePort {
  const { targetPort } = port;
  return dialect === 'nginx' && service.type === 'ExternalName' && typeof targetPort === 'number'
    ? { ...port, port: targetPort }
    : port;
}

/** Where the cluster itself leads to the endpoints. */
function resolveInCluster(
  context: Translating,
  service: Service,
  port: ServicePort,
  mode: Exclude<BackendMode, 'endpoints'>,
): Servers {
  const findings = findForbiddenEndpoints(context, service);
  if (findings.length > 0) return { addresses: [], findings, carried: [] };
  // In a cluster the API server sees to both; what stands in a folder is written by hand.
  const byHand = context.folders.has(service.meta.ref.source);
  const unwelcome = byHand
    ? forbidByHand(service.meta.ref.namespace, context.external.of(service.meta.ref.namespace))
    : undefined;
  if (unwelcome !== undefined) {
    return nothing(
      'address-forbidden',
      `the ${names[mode]} of Service ${service.meta.ref.name} ${unwelcome}`,
      askOperators,
    );
  }
  switch (mode) {
    case 'clusterip':
      return resolveClusterIP(
        context,
        service,
        port,
        byHand ? toHandLimits(context, service.meta.ref) : undefined,
      );
    case 'dns':
      return resolveName(context, service, port);
    case 'nodeport':
      return resolveNodePort(context, service, port);
  }
}

/** What leads to the endpoints, in words. */
const names: Readonly<Record<Exclude<BackendMode, 'endpoints'>, string>> = {
  clusterip: 'cluster IP',
  dns: 'DNS name',
  nodeport: 'node port',
};

const askOperators = 'Ask the operators of the edge to let this namespace do so.';

function nothing(code: ProblemCode, message: string, hint: string): Servers {
  return { addresses: [], findings: [{ code, message, hint }], carried: [] };
}

function single(host: string, port: number): Servers {
  return { addresses: [toWeightedAddress(host, port)], findings: [], carried: [] };
}

function resolveExternalName(context: Translating, service: Service, port: ServicePort): Servers {
  const { namespace } = service.meta.ref;
  const name = service.externalName ?? '';
  const rights = context.external.of(namespace);
  if (!rights.names.isOpen) {
    return nothing(
      'backend-unsupported',
      `Service ${service.meta.ref.name} is of type ExternalName, which is not allowed`,
      'Set services.allowExternalName to true, or give the Service endpoints.',
    );
  }
  const what = `externalName ${JSON.stringify(name.slice(0, 80))}`;
  const unwelcome = forbidByHand(namespace, rights);
  if (unwelcome !== undefined) return nothing('address-forbidden', `${what} ${unwelcome}`, askOperators);
  const refusal = forbidName(name, context.settings, rights.names) ?? forbidUnlisted(name, rights.names);
  return refusal === undefined
    ? single(name, port.port)
    : nothing('address-forbidden', `${what} ${refusal}`, 'Write the DNS name of another host.');
}

function resolveClusterIP(
  { settings }: Translating,
  service: Service,
  port: ServicePort,
  byHand: HandLimits | undefined,
): Servers {
  const { clusterIP, secondClusterIP } = service;
  const family = toFamily(service, settings.services.ipFamily);
  const address = [clusterIP, secondClusterIP].find((each) => each && isOfFamily(each, family));
  if (address === undefined && clusterIP !== undefined) {
    return nothing(
      'backend-unsupported',
      `Service ${service.meta.ref.name} has no cluster IP of ${family}, and services.ipFamily leaves out the others`,
      'Give the Service that family (spec.ipFamilyPolicy), or change services.ipFamily.',
    );
  }
  if (address === undefined) {
    return nothing(
      'backend-unsupported',
      `Service ${service.meta.ref.name} has no cluster IP`,
      'Set fairlead.dev/backends to endpoints, so that its endpoints are used.',
    );
  }
  const refusal = forbidAddress(address, byHand);
  return refusal === undefined
    ? single(address, port.port)
    : nothing('address-forbidden', `cluster IP ${address} ${refusal}`, 'Correct spec.clusterIP.');
}

function resolveName(context: Translating, service: Service, port: ServicePort): Servers {
  const { namespace, name } = service.meta.ref;
  const host = `${name}.${namespace}.svc.${context.settings.services.clusterDomain}`;
  const refusal = forbidName(host, context.settings);
  if (refusal !== undefined)
    return nothing(
      'address-forbidden',
      `the DNS name ${host} ${refusal}`,
      'Remove what routes to this Service.',
    );
  if (!service.headless) return single(host, port.port);
  // The name of a headless Service resolves to its endpoints, so the port has to be theirs.
  if (typeof port.targetPort === 'number') return single(host, port.targetPort);
  const slice = context.view
    .slicesOf(service.meta.ref)
    .find((each) => findEndpointPort(each, port) !== undefined);
  return single(host, (slice && findEndpointPort(slice, port)) ?? port.port);
}
