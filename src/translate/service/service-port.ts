import type { Service, ServicePort } from '../../model/objects.ts';
import type { TcpMiddleware } from '../../traefik/tcp.ts';
import type { PoolProtocol } from '../../model/port.ts';
import type { HeldPort, PortClaim } from '../../model/ports.ts';
import { annotationField, listSome, type ProblemDetails, type Report } from '../../model/problem.ts';
import { exposeDirective } from '../../annotations/own/pool-ports.ts';
import type { ExposeDirective } from '../../annotations/directives.ts';
import { facts, toMiddlewarePart } from '../../annotations/parts.ts';
import type { PortRoute } from '../../routes/intent.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import { toPortBackend } from '../backend/port-backend.ts';
import { resolveServers } from '../backend/servers.ts';
import { toTcpOptions } from '../backend/tcp-options.ts';
import { toElementName, type Translating } from '../context.ts';
import { toFilters, type FilterResult } from '../filters.ts';
import { findFormerHolder } from './former-holder.ts';
import { toClaims, type ExposedPort } from './port-claims.ts';
import type { AskingService } from './service-http.ts';

export interface PortIntents {
  readonly claims: readonly PortClaim[];
  readonly intents: readonly PortRoute[];
  readonly uses: readonly AnnotationUse[];
}

/** What a Service asks of the pool, and routes for the ports that the ledger already holds for it. */
export function toPortIntents(context: Translating, asking: AskingService): PortIntents {
  const { ref } = asking.service.meta;
  // Asked in any case: what is written back of a port has to go when the ledger gives the port up, which is after the Service did.
  const held = context.view.heldPorts(ref);
  const exposed = findExposed(context, asking);
  if (exposed === undefined) return { claims: [], intents: [], uses: [] };
  const { claims, carried } = toClaims(exposed, asking, findFormerHolder(context, asking));
  if (claims.length === 0) {
    // Ports that the Service does not have, or that no pool carries, have been reported.
    const reported = asking.service.ports.length > 0 ? [...carried, 'expose'] : carried;
    return { claims, intents: [], uses: toUses(ref, reported) };
  }
  const filters = toFilters(context, 'tcpMiddlewares', undefined, {
    ref,
    directives: asking.reading.directives.tcpMiddlewares ?? [],
  });
  // What is wrong with the endpoints is the same for every fleet.
  const reported = new Set<string>();
  const report: Report = (code, details) => {
    const { message } = typeof details === 'function' ? details() : details;
    if (!reported.has(message)) asking.report(code, details);
    reported.add(message);
  };
  const routes = claims.map((claim) => toPortRoutes(context, { ...asking, report }, claim, held, filters));
  return {
    claims,
    intents: routes.flatMap(({ intents }) => intents),
    uses: toUses(ref, [...carried, 'expose', 'fleets', ...routes.flatMap((route) => route.carried)]),
  };
}

function findExposed(
  context: Translating,
  { service, report }: AskingService,
): readonly ExposedPort[] | undefined {
  for (const { key, value } of context.settings.services.expose) {
    const text = service.meta.annotations[key];
    if (text === undefined || (value !== undefined && text.trim() !== value)) continue;
    const field = annotationField(key);
    const parsed = value === undefined ? exposeDirective(text) : ({ ok: true, value: 'all' } as const);
    if (parsed.ok && parsed.value !== undefined) return choosePorts(service, parsed.value, field, report);
    // Fairlead's own key has been read, and reported, with the other annotations.
    if (!parsed.ok && key !== 'fairlead.dev/expose')
      report('annotation-invalid', { field, message: parsed.message, hint: parsed.hint });
  }
  return undefined;
}

function choosePorts(
  service: Service,
  directive: ExposeDirective,
  field: string,
  report: AskingService['report'],
): readonly ExposedPort[] {
  const chosen = new Map<number, ServicePort[]>();
  const add = (port: ServicePort): void => {
    if (port.protocol === 'SCTP') {
      report('protocol-unsupported', {
        field,
        message: `port ${port.port} is SCTP, which Traefik does not carry`,
        hint: 'Expose TCP and UDP ports only.',
      });
      return;
    }
    const known = chosen.get(port.port) ?? [];
    if (!known.includes(port)) chosen.set(port.port, [...known, port]);
  };
  if (directive === 'all') {
    for (const port of service.ports) add(port);
  } else {
    const known = toPortTable(service);
    for (const reference of new Set(directive)) {
      const found = known.get(reference) ?? [];
      if (found.length === 0) {
        report('port-unknown', () => ({
          field,
          message: `the Service has no port ${reference}`,
          hint: `${/^(yes|on|all|enabled)$/.test(reference) ? 'Write "true" for all of its ports, or one of them' : 'Use one of its ports'}: ${listPorts(service) || 'it has none'}.`,
        }));
      }
      for (const port of found) add(port);
    }
  }
  return [...chosen].sort(([a], [b]) => a - b).map(([number, ports]) => ({ number, ports, field }));
}

/** The ports by name and by number: there may be as many as there are references. */
function toPortTable({ ports }: Service): ReadonlyMap<string, readonly ServicePort[]> {
  const table = new Map<string, ServicePort[]>();
  for (const port of ports) {
    for (const reference of new Set([port.name, String(port.port)])) {
      const known = table.get(reference);
      if (known === undefined) table.set(reference, [port]);
      else known.push(port);
    }
  }
  return table;
}

function listPorts({ ports }: Service): string {
  return listSome(ports.map((port) => port.name || String(port.port)));
}

interface PortRoutes {
  readonly intents: readonly PortRoute[];
  /** Parts of the directives, whether or not the port is held yet. */
  readonly carried: readonly string[];
}

function toPortRoutes(
  context: Translating,
  asking: AskingService,
  claim: PortClaim,
  held: readonly HeldPort[],
  filters: FilterResult<TcpMiddleware>,
): PortRoutes {
  const routes = claim.protocols.flatMap((protocol): readonly PortRoutes[] => {
    const target = asking.service.ports.find(
      (each) => each.port === claim.servicePort && each.protocol.toLowerCase() === protocol,
    );
    return target === undefined
      ? []
      : [toPortRoute(context, asking, { claim, protocol, target }, held, filters)];
  });
  return {
    intents: routes.flatMap(({ intents }) => intents),
    carried: routes.flatMap(({ carried }) => carried),
  };
}

/** One protocol of a claim. */
interface ClaimedPort {
  readonly claim: PortClaim;
  readonly protocol: PoolProtocol;
  readonly target: ServicePort;
}

function toPortRoute(
  context: Translating,
  { service, reading: { directives, parts }, report }: AskingService,
  { claim: { fleet, servicePort, field }, protocol, target }: ClaimedPort,
  held: readonly HeldPort[],
  { filters, uses }: FilterResult<TcpMiddleware>,
): PortRoutes {
  const isTcp = protocol === 'tcp';
  const servers = resolveServers(context, service, target, directives);
  for (const { code, ...details } of servers.findings) report(code, { field, ...details });
  const unprotected = !isTcp && filters.some((filter) => filter.stage === 'access');
  if (unprotected) report('access-limit-unusable', describeOpenUdp(servicePort));
  const tcp = isTcp ? toTcpOptions(directives, parts) : undefined;
  for (const { code, ...details } of tcp?.findings ?? []) report(code, { field, ...details });
  const reported = unprotected ? [...parts].filter((part) => part === allowCidrsPart) : [];
  const carried = [...servers.carried, ...(tcp ? [facts.tcp, ...tcp.carried] : [facts.udp, ...reported])];
  const port = held.find(
    (each) => each.fleet === fleet && each.servicePort === servicePort && each.protocols.includes(protocol),
  )?.port;
  if (port === undefined) return { intents: [], carried };
  const key = toElementName(context, service.meta.ref, String(servicePort));
  const isClosed = directives.withhold === true || unprotected || (tcp && tcp.options === undefined);
  const route: PortRoute = {
    kind: 'port',
    owner: service.meta,
    why: { field, uses },
    fleet,
    protocol,
    port,
    servicePort,
    key,
    filters: isTcp ? filters : [],
    backend: toPortBackend(key, isClosed ? [] : servers.addresses, tcp?.options),
  };
  return { intents: [route], carried };
}

const allowCidrsPart = toMiddlewarePart('tcpMiddlewares', { role: 'allow-cidrs' });

/** Traefik has no middlewares for UDP. */
function describeOpenUdp(servicePort: number): ProblemDetails {
  const key = 'fairlead.dev/allow-cidrs';
  return {
    field: annotationField(key),
    message: `${key} cannot be carried out for UDP; what comes in for port ${servicePort} is dropped`,
    hint: 'Move the UDP port to a Service without the annotation, and limit access in the network.',
  };
}
