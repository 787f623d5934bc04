import type { ObjectRef } from '../../model/object-ref.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import { mergeDirectives, type BackendScheme, type Directives } from '../../annotations/directives.ts';
import type { LoadBalancer } from '../../traefik/http-service.ts';
import type { ServersTransport } from '../../traefik/servers-transport.ts';
import { readServiceAnnotations, toElementName, type Translating } from '../context.ts';
import type { Finding } from './finding.ts';
import type { HttpBackend } from '../../routes/intent.ts';
import { resolveServers } from './servers.ts';

export interface BackendResult {
  readonly backend: HttpBackend;
  /** The directives of the Service together with those of the routing object, whose word counts more. */
  readonly directives: Directives;
  readonly findings: readonly Finding[];
}

/**
 * The Traefik service for a port of a Service.
 * Every route to the port shares it, unless the Ingress that routes asks for something else than the Service does.
 */
export function toHttpBackend(
  context: Translating,
  service: Service,
  port: ServicePort,
  routedBy: ObjectRef,
  routeDirectives: Directives,
): BackendResult {
  const own = readServiceAnnotations(context, service.meta).directives;
  const directives = mergeDirectives(own, routeDirectives);
  const shared = routedBy.kind === 'Service' || !changesBackend(routeDirectives);
  const key = shared
    ? toElementName(context, service.meta.ref, String(port.port))
    : toElementName(context, service.meta.ref, String(port.port), routedBy.name);
  const servers = resolveServers(context, service, port, directives);
  const scheme = directives.scheme ?? toScheme(port);
  const transport = toTransport(directives);
  const loadBalancer: LoadBalancer = {
    ...directives.loadBalancer,
    ...(transport && { serversTransport: key }),
    servers: servers.addresses.map(({ address, weight }) => ({
      url: `${scheme}://${address}`,
      ...(weight !== 1 && { weight }),
    })),
  };
  return {
    backend: {
      service: { key, value: loadBalancer },
      ...(transport && { transport: { key, value: transport } }),
    },
    directives,
    findings: servers.findings,
  };
}

function changesBackend(directives: Directives): boolean {
  return (
    (directives.backends ?? directives.scheme ?? directives.loadBalancer ?? directives.transport) !==
    undefined
  );
}

function toTransport(directives: Directives): ServersTransport | undefined {
  return directives.transport && Object.keys(directives.transport).length > 0
    ? directives.transport
    : undefined;
}

/**
 * `appProtocol` first; without it Traefik's own convention for Ingress backends. Values from KEP-3726 and the Service API:
 * https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol
 */
function toScheme(port: ServicePort): BackendScheme {
  switch (port.appProtocol?.toLowerCase()) {
    case 'https':
    case 'kubernetes.io/wss':
      return 'https';
    case 'kubernetes.io/h2c':
    case 'h2c':
    case 'grpc':
      return 'h2c';
    case 'http':
    case 'kubernetes.io/ws':
      return 'http';
    default:
      return port.port === 443 || port.name.startsWith('https') ? 'https' : 'http';
  }
}
