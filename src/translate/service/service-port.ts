import type { ServicePort } from '../../model/objects.ts';
import type { TcpMiddleware } from '../../traefik/tcp.ts';
import type { PoolProtocol } from '../../model/port.ts';
import { importedPool } from '../../model/imported-port.ts';
import type { HeldPort, PortClaim } from '../../model/ports.ts';
import { annotationField, type ProblemDetails, type Report } from '../../model/problem.ts';
import { toMiddlewarePart } from '../../annotations/parts.ts';
import type { PortRoute } from '../../routes/intent.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import type { Translating } from '../context.ts';
import { findZone } from '../zones.ts';
import { toFilters, type FilterResult } from '../filters.ts';
import { toImportClaims, withoutImported } from './imported-ports.ts';
import { findExposedEach } from './exposed-each.ts';
import { findExposed } from './exposed-ports.ts';
import { findFormerHolder } from './former-holder.ts';
import type { NamedEndpoint } from './named-endpoints.ts';
import { toClaims } from './port-claims.ts';
import { toPortTarget } from './port-target.ts';
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
  const whole = findExposed(context, asking);
  const each = findExposedEach(context, asking, held, whole?.length ?? 0);
  const imports = context.view.importsOf(ref);
  const asks = whole !== undefined || each !== undefined;
  if (!asks && imports.length === 0) return { claims: [], intents: [], uses: [] };
  const exposed = [...(whole ?? []), ...(each?.exposed ?? [])];
  const asked = toClaims(context.settings, exposed, asking, held, findFormerHolder(context, asking));
  const claimed: readonly Claimed[] = [
    ...toImportClaims(asking.service, imports),
    ...withoutImported(asked.claims, imports, held, asking.report).map((claim) => ({ claim })),
  ];
  // Ports that the Service does not have, or that no pool carries, have been reported.
  const carried = [
    ...asked.carried,
    ...(asks && asking.service.ports.length > 0 ? ['expose', 'exposeEach'] : []),
    ...(asked.claims.length > 0 ? ['fleets'] : []),
  ];
  const claims = claimed.map(({ claim }) => claim);
  if (claims.length === 0) return { claims, intents: [], uses: toUses(ref, carried) };
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
  const endpoints = each?.endpoints ?? new Map();
  const routes = claimed.map((one) => {
    const { part } = one.claim;
    const endpoint = part?.kind === 'endpoint' ? endpoints.get(part.name) : undefined;
    return toPortRoutes(context, { ...asking, report }, { ...one, endpoint }, held, filters);
  });
  return {
    claims,
    intents: routes.flatMap(({ intents }) => intents),
    uses: toUses(ref, [...carried, ...routes.flatMap((route) => route.carried)]).concat(
      routes.flatMap((route) => route.others),
    ),
  };
}

interface PortRoutes {
  readonly intents: readonly PortRoute[];
  /** Parts of the directives, whether or not the port is held yet. */
  readonly carried: readonly string[];
  /** What of the annotations of other objects is carried. */
  readonly others: readonly AnnotationUse[];
}

function toPortRoutes(
  context: Translating,
  asking: AskingService,
  claimed: Claimed,
  held: readonly HeldPort[],
  filters: FilterResult<TcpMiddleware>,
): PortRoutes {
  const { claim } = claimed;
  const routes = claim.protocols.flatMap((protocol): readonly PortRoutes[] => {
    const target = asking.service.ports.find(
      (each) => each.port === claim.servicePort && each.protocol.toLowerCase() === protocol,
    );
    return target === undefined
      ? []
      : [toPortRoute(context, asking, { ...claimed, protocol, target }, held, filters)];
  });
  return {
    intents: routes.flatMap(({ intents }) => intents),
    carried: routes.flatMap(({ carried }) => carried),
    others: routes.flatMap(({ others }) => others),
  };
}

interface Claimed {
  readonly claim: PortClaim;
  /** The one that the claim is for; undefined when it is for the Service as a whole. */
  readonly endpoint?: NamedEndpoint | undefined;
  /** Whether an import has the backend told who the client is. */
  readonly toBackend?: boolean;
}

/** One protocol of a claim. */
interface ClaimedPort extends Claimed {
  readonly protocol: PoolProtocol;
  readonly target: ServicePort;
}

function toPortRoute(
  context: Translating,
  asking: AskingService,
  { claim, endpoint, toBackend, protocol, target }: ClaimedPort,
  held: readonly HeldPort[],
  { filters, uses }: FilterResult<TcpMiddleware>,
): PortRoutes {
  const { fleet, servicePort, field } = claim;
  const isTcp = protocol === 'tcp';
  const unprotected = !isTcp && filters.some((filter) => filter.stage === 'access');
  const within = { part: claim.part?.name, endpoint, toBackend };
  const wanted = { protocol, port: target, ...within, field, isShut: unprotected };
  const {
    key,
    backend,
    checks,
    carried: ofTarget,
    others,
    limits,
  } = toPortTarget({ ...context, zone: findZone(context.settings, fleet) }, asking, wanted);
  if (unprotected) asking.report('access-limit-unusable', describeOpenUdp(servicePort));
  const reported = unprotected ? [...asking.reading.parts].filter((part) => part === allowCidrsPart) : [];
  const carried = [...ofTarget, ...reported];
  const port = held.find(
    (each) =>
      each.fleet === fleet &&
      each.servicePort === servicePort &&
      each.part?.name === claim.part?.name &&
      each.protocols.includes(protocol),
  )?.port;
  if (port === undefined) return { intents: [], carried, others };
  const route: PortRoute = {
    kind: 'port',
    owner: asking.service.meta,
    why: { field, uses },
    fleet,
    protocol,
    port,
    servicePort,
    ...(claim.pool === importedPool && { imported: true }),
    key,
    filters: isTcp ? [...filters, ...limits] : [],
    backend,
    ...(checks.length > 0 && { checks }),
  };
  return { intents: [route], carried, others };
}

const allowCidrsPart = toMiddlewarePart('tcpMiddlewares', { role: 'allow-cidrs' });

/** Traefik has no middlewares for UDP. */
function describeOpenUdp(servicePort: number): ProblemDetails {
  const key = 'fairlead.dev/allow-cidrs';
  return {
    field: annotationField(key),
    message: `${key} is not possible for UDP; packets for port ${servicePort} are dropped`,
    hint: 'Move the UDP port to a Service without the annotation, and limit access in the network.',
  };
}
