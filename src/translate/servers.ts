import type {
  EndpointSlice,
  PortReference,
  Service,
  ServicePort,
  TransportProtocol,
} from '../model/objects.ts';
import type { ProblemDetails } from '../model/problem.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import type { BackendMode, Wishes } from '../annotations/wishes.ts';
import { forbidAddress } from './address-policy.ts';
import type { Translating } from './context.ts';
import type { WeightedAddress } from './intent.ts';

/** What is wrong with a backend; the caller knows whose problem it is. */
export interface Finding extends ProblemDetails {
  readonly code: ProblemCode;
}

export interface Servers {
  /** `host:port`, sorted, each once. */
  readonly addresses: readonly WeightedAddress[];
  readonly findings: readonly Finding[];
}

/** The port of a Service by name or number; among equals the first. */
export function findServicePort(
  service: Service,
  reference: PortReference,
  protocol?: TransportProtocol,
): ServicePort | undefined {
  return service.ports.find(
    (port) =>
      (protocol === undefined || port.protocol === protocol) &&
      (typeof reference === 'number' ? port.port === reference : port.name === reference && reference !== ''),
  );
}

/** Where the traffic of a Service port goes, as the Service and its annotations say. */
export function resolveServers(
  context: Translating,
  service: Service,
  port: ServicePort,
  wishes: Wishes,
): Servers {
  if (service.type === 'ExternalName') return resolveExternalName(context, service, port);
  const mode: BackendMode = wishes.backends ?? 'endpoints';
  switch (mode) {
    case 'clusterip':
      return resolveClusterIP(service, port);
    case 'dns':
      return resolveName(context, service, port);
    case 'endpoints':
      return resolveEndpoints(context, service, port, wishes);
  }
}

function nothing(code: ProblemCode, message: string, hint: string): Servers {
  return { addresses: [], findings: [{ code, message, hint }] };
}

function single(host: string, port: number): Servers {
  return { addresses: [{ address: toHostPort(host, port), weight: 1 }], findings: [] };
}

function toHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

const dnsName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.?$/i;

function resolveExternalName(context: Translating, service: Service, port: ServicePort): Servers {
  const name = service.externalName ?? '';
  if (!context.settings.services.allowExternalName) {
    return nothing(
      'backend-unsupported',
      `Service ${service.meta.ref.name} is of type ExternalName, which is not allowed`,
      'Set services.allowExternalName to true, or give the Service endpoints.',
    );
  }
  if (!dnsName.test(name) || /^[\d.]+$/.test(name) || /(^|\.)localhost\.?$/i.test(name)) {
    return nothing(
      'address-forbidden',
      `externalName ${JSON.stringify(name.slice(0, 80))} is not a DNS name that may be published`,
      'Write the DNS name of another host.',
    );
  }
  return single(name, port.port);
}

function resolveClusterIP(service: Service, port: ServicePort): Servers {
  const address = service.clusterIP;
  if (address === undefined) {
    return nothing(
      'backend-unsupported',
      `Service ${service.meta.ref.name} has no cluster IP`,
      'Remove fairlead.dev/backends: clusterip, so that its endpoints are used.',
    );
  }
  const refusal = forbidAddress(address, undefined);
  return refusal === undefined
    ? single(address, port.port)
    : nothing('address-forbidden', `cluster IP ${address} ${refusal}`, 'Correct spec.clusterIP.');
}

function resolveName(context: Translating, service: Service, port: ServicePort): Servers {
  const { namespace, name } = service.meta.ref;
  const host = `${name}.${namespace}.svc.cluster.local`;
  if (!service.headless) return single(host, port.port);
  // The name of a headless Service resolves to its endpoints, so the port has to be theirs.
  if (typeof port.targetPort === 'number') return single(host, port.targetPort);
  const slice = context.view
    .slicesOf(service.meta.ref)
    .find((each) => findEndpointPort(each, port) !== undefined);
  return single(host, (slice && findEndpointPort(slice, port)) ?? port.port);
}

function findEndpointPort(slice: EndpointSlice, port: ServicePort): number | undefined {
  return slice.ports.find((each) => each.name === port.name && each.protocol === port.protocol)?.port;
}

interface Candidate extends WeightedAddress {
  readonly ready: boolean;
}

function resolveEndpoints(
  context: Translating,
  service: Service,
  port: ServicePort,
  wishes: Wishes,
): Servers {
  const slices = context.view.slicesOf(service.meta.ref);
  const findings: Finding[] = [];
  const candidates = new Map<string, Candidate>();
  for (const slice of slices) collectEndpoints(context, service, port, slice, wishes, candidates, findings);
  const all = [...candidates.values()];
  // As kube-proxy does: endpoints that shut down still serve when nothing else is left.
  const ready = all.filter((each) => each.ready);
  const addresses = (ready.length > 0 ? ready : all)
    .filter((each) => each.weight > 0)
    .map(({ address, weight }) => ({ address, weight }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  if (addresses.length === 0 && findings.length === 0) findings.push(explainEmptiness(service, port, slices));
  return { addresses, findings };
}

/** A page of arguments beats a hundred thousand small objects: this runs for each slice of each changed Service. */
function collectEndpoints(
  context: Translating,
  service: Service,
  port: ServicePort,
  slice: EndpointSlice,
  wishes: Wishes,
  candidates: Map<string, Candidate>,
  findings: Finding[],
): void {
  const target = findEndpointPort(slice, port);
  if (target === undefined) return;
  const { allowExternalName, externalEndpoints } = context.settings.services;
  const byHand = !service.hasSelector;
  const namespaceAllowed =
    externalEndpoints.namespaces.length === 0 ||
    externalEndpoints.namespaces.includes(service.meta.ref.namespace);
  for (const endpoint of slice.endpoints) {
    if (!endpoint.ready && !(endpoint.serving && endpoint.terminating)) continue;
    for (const address of endpoint.addresses) {
      const refusal =
        slice.addressType === 'FQDN'
          ? allowExternalName && dnsName.test(address)
            ? undefined
            : 'is a name, and services.allowExternalName is not true'
          : byHand && !namespaceAllowed
            ? `may not be named in namespace ${service.meta.ref.namespace} (services.externalEndpoints.namespaces)`
            : forbidAddress(address, byHand ? context.allowedEndpoints : undefined);
      if (refusal === undefined) {
        const key = toHostPort(address, target);
        const weight =
          wishes.weights?.get(address) ??
          (endpoint.hostname === undefined ? undefined : wishes.weights?.get(endpoint.hostname)) ??
          1;
        const ready = endpoint.ready && !endpoint.terminating;
        if (candidates.get(key)?.ready !== true) candidates.set(key, { address: key, weight, ready });
      } else {
        findings.push({
          code: 'address-forbidden',
          message: `endpoint ${address.slice(0, 80)} of Service ${service.meta.ref.name} ${refusal}`,
          hint: 'Name another address in the endpoints, or ask the operators of the edge.',
        });
      }
    }
  }
}

function explainEmptiness(service: Service, port: ServicePort, slices: readonly EndpointSlice[]): Finding {
  const wanted = port.name === '' ? `the unnamed port ${port.port}` : `port ${port.name}`;
  const offered = [
    ...new Set(
      slices.flatMap((slice) => slice.ports.map((each) => (each.name === '' ? 'an unnamed one' : each.name))),
    ),
  ];
  const matches = slices.some((slice) => findEndpointPort(slice, port) !== undefined);
  const { name } = service.meta.ref;
  if (slices.length === 0) {
    return {
      code: 'no-endpoints',
      message: `Service ${name} has no endpoints`,
      hint: service.hasSelector
        ? 'Check that pods match its selector and are ready.'
        : 'Add an EndpointSlice with the label kubernetes.io/service-name, or an Endpoints object of the same name.',
    };
  }
  if (!matches) {
    return {
      code: 'no-endpoints',
      message: `the endpoints of Service ${name} do not have ${wanted} (${port.protocol}); they have ${offered.slice(0, 10).join(', ') || 'no ports'}`,
      hint: 'Give the port of the endpoints the very name that it has in the Service.',
    };
  }
  return {
    code: 'no-endpoints',
    message: `no endpoint of Service ${name} is ready`,
    hint: 'Check the readiness of its pods or machines.',
  };
}
