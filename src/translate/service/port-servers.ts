import type { Service, ServicePort } from '../../model/objects.ts';
import type { Directives } from '../../annotations/directives.ts';
import { resolveEndpoints } from '../backend/endpoints.ts';
import type { Finding, Servers } from '../backend/finding.ts';
import { resolveServers } from '../backend/servers.ts';
import type { Translating } from '../context.ts';
import type { NamedEndpoint } from './named-endpoints.ts';

/**
 * Where the traffic of a pool port goes: to the Service, or to one endpoint of it. The latter is always reached at its own address,
 * whatever `fairlead.dev/backends` says: what stands before a Service chooses by itself.
 */
export function resolvePortServers(
  context: Translating,
  service: Service,
  port: ServicePort,
  directives: Directives,
  endpoint: NamedEndpoint | undefined,
): Servers {
  if (endpoint === undefined) return resolveServers(context, service, port, directives);
  const away = explainAway(service, endpoint);
  if (away !== undefined) return { addresses: [], findings: [away], carried: [] };
  return resolveEndpoints(context, service, port, directives, endpoint.groups);
}

function explainAway({ meta }: Service, { name, groups }: NamedEndpoint): Finding | undefined {
  const endpoints = groups.flatMap((group) => group.endpoints);
  if (endpoints.some(({ ready, serving, terminating }) => ready || (serving && terminating)))
    return undefined;
  return {
    code: 'no-endpoints',
    message: `endpoint ${name} of Service ${meta.ref.name} is ${endpoints.length === 0 ? 'not there' : 'not ready'}; its pool port is kept for it`,
    hint: 'Check its pod or machine. While it restarts nothing needs to be done.',
  };
}
