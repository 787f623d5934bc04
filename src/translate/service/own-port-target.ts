import { facts } from '../../annotations/parts.ts';
import type { Reading } from '../../annotations/read.ts';
import type { HealthCheck } from '../../model/health.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import type { PoolProtocol } from '../../model/port.ts';
import type { PortBackend } from '../../routes/backend.ts';
import type { AnnotationUse } from '../../routes/why.ts';
import type { Finding } from '../backend/finding.ts';
import { toPortBackend } from '../backend/port-backend.ts';
import { toTcpOptions, withProxyHeader } from '../backend/tcp-options.ts';
import { toElementName, type Translating } from '../context.ts';
import type { NamedEndpoint } from './named-endpoints.ts';
import { resolvePortServers } from './port-servers.ts';
import { checkServers } from './udp-health.ts';

/** A port of a Service to which connections or packets are to go. */
export interface WantedPort {
  readonly protocol: PoolProtocol;
  readonly port: ServicePort;
  /** The part of the Service that has the port for itself. */
  readonly part?: string | undefined;
  /** Set: only to this endpoint. */
  readonly endpoint?: NamedEndpoint | undefined;
  /** Whether the servers are told who the client is, as ingress-nginx tells them. */
  readonly toBackend?: boolean | undefined;
  /** Set: nothing gets through, since access limits cannot be held. */
  readonly isShut?: boolean;
}

export interface OwnPortTarget {
  /** A name that only this port of the Service, or of the endpoint, has. */
  readonly key: string;
  readonly backend: PortBackend;
  /** Whether nothing gets through whatever endpoints there are. */
  readonly isClosed: boolean;
  /** What Fairlead itself is to check of its endpoints. */
  readonly checks: readonly HealthCheck[];
  readonly findings: readonly Finding[];
  /** Parts of the directives that it carries, and facts. */
  readonly carried: readonly string[];
  /** What it carries of the annotations of other objects. */
  readonly others: readonly AnnotationUse[];
}

/** The servers of a Service port, as the Service itself says how they are reached. */
export function toOwnPortTarget(
  context: Translating,
  service: Service,
  { directives, parts }: Pick<Reading, 'directives' | 'parts'>,
  { protocol, port, part, endpoint, toBackend, isShut }: WantedPort,
): OwnPortTarget {
  const servers = resolvePortServers(context, service, port, directives, endpoint);
  const tcp = protocol === 'tcp' ? toTcpOptions(directives, parts) : undefined;
  const checked = checkServers(context, service, servers, tcp ? undefined : directives.udpHealth);
  const names = [String(port.port), ...(part === undefined ? [] : [part])];
  const key = toElementName(context, service.meta.ref, ...names);
  const isUnusable = tcp !== undefined && tcp.options === undefined;
  const isClosed = directives.withholdPorts === true || isShut === true || isUnusable;
  const options = toBackend === true ? withProxyHeader(tcp?.options) : tcp?.options;
  return {
    key,
    backend: toPortBackend(key, isClosed ? [] : checked.addresses, options),
    isClosed,
    checks: isClosed ? [] : checked.checks,
    findings: [...servers.findings, ...(tcp?.findings ?? []), ...checked.findings],
    carried: [...servers.carried, ...(tcp ? [facts.tcp, ...tcp.carried] : [facts.udp, ...checked.carried])],
    others: servers.uses ?? [],
  };
}
