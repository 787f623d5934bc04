import { facts } from '../../annotations/parts.ts';
import type { HealthCheck } from '../../model/health.ts';
import type { ServicePort } from '../../model/objects.ts';
import type { PoolProtocol } from '../../model/port.ts';
import type { PortBackend } from '../../routes/backend.ts';
import type { AnnotationUse } from '../../routes/why.ts';
import { toPortBackend } from '../backend/port-backend.ts';
import { toTcpOptions } from '../backend/tcp-options.ts';
import { toElementName, type Translating } from '../context.ts';
import type { NamedEndpoint } from './named-endpoints.ts';
import { resolvePortServers } from './port-servers.ts';
import type { AskingService } from './service-http.ts';
import { checkServers } from './udp-health.ts';

/** A port of a Service to which connections or packets are to go, and the annotation that says so. */
interface Wanted {
  readonly protocol: PoolProtocol;
  readonly port: ServicePort;
  /** Set: only to this endpoint. */
  readonly endpoint?: NamedEndpoint | undefined;
  readonly field: string;
  /** Set: nothing gets through, since limits of access cannot be held. */
  readonly isShut?: boolean;
}

export interface PortTarget {
  /** A name that only this port of the Service, or of the endpoint, has. */
  readonly key: string;
  readonly backend: PortBackend;
  /** What Fairlead itself is to check of its endpoints. */
  readonly checks: readonly HealthCheck[];
  /** Parts of the directives that it carries, and facts. */
  readonly carried: readonly string[];
  /** What it carries of the annotations of other objects. */
  readonly others: readonly AnnotationUse[];
}

/** Where the traffic of a Service port goes, through whichever entryPoint it comes. Reports what is wrong with its endpoints. */
export function toPortTarget(
  context: Translating,
  { service, reading: { directives, parts }, report }: AskingService,
  { protocol, port, endpoint, field, isShut }: Wanted,
): PortTarget {
  const servers = resolvePortServers(context, service, port, directives, endpoint);
  const tcp = protocol === 'tcp' ? toTcpOptions(directives, parts) : undefined;
  const checked = checkServers(context, service, servers, tcp ? undefined : directives.udpHealth);
  for (const { code, ...details } of [...servers.findings, ...(tcp?.findings ?? []), ...checked.findings])
    report(code, { field, ...details });
  const names = [String(port.port), ...(endpoint === undefined ? [] : [endpoint.name])];
  const key = toElementName(context, service.meta.ref, ...names);
  const isClosed = directives.withhold === true || isShut === true || (tcp && tcp.options === undefined);
  return {
    key,
    backend: toPortBackend(key, isClosed ? [] : checked.addresses, tcp?.options),
    checks: isClosed ? [] : checked.checks,
    carried: [...servers.carried, ...(tcp ? [facts.tcp, ...tcp.carried] : [facts.udp, ...checked.carried])],
    others: servers.uses ?? [],
  };
}
