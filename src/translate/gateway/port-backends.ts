import type { HealthCheck } from '../../model/health.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { GatewayRoute, Service, TCPRoute, TLSRoute, UDPRoute } from '../../model/objects.ts';
import type { PoolProtocol } from '../../model/port.ts';
import type { Report } from '../../model/problem.ts';
import type { BackendRef, PortRule } from '../../model/route-specs.ts';
import { toMiddlewarePart } from '../../annotations/parts.ts';
import type { PortBackend } from '../../routes/backend.ts';
import type { Filter } from '../../routes/intent.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import type { TcpMiddleware } from '../../traefik/tcp.ts';
import { readServiceAnnotations, toElementName, type Translating } from '../context.ts';
import { inOrder, toFilters } from '../filters.ts';
import { toPortTarget } from '../service/port-target.ts';
import { groupByZone, reportOnce } from '../zones.ts';
import { findBackend, type BackendTarget } from './backend-ref.ts';
import { findOnwardTls, type Onward, type OnwardTls } from './onward-tls.ts';
import type { Refusal } from './resolved.ts';

/** Where the connections or datagrams of a route go. */
export interface PortBackends {
  readonly backend: PortBackend;
  /** What limits access to the Services: it holds for the route as a whole. */
  readonly filters: readonly Filter<TcpMiddleware>[];
  /** What Fairlead itself is to check of endpoints. */
  readonly checks: readonly HealthCheck[];
  readonly uses: readonly AnnotationUse[];
  /** Why not all that the route names can be used: the first reason of several. */
  readonly refusal?: Refusal;
}

/** Where the connections or datagrams go that come in on some fleets. */
export interface FleetBackends {
  readonly names: readonly string[];
  readonly backends: PortBackends;
}

interface Branch {
  readonly backend: PortBackend;
  readonly weight: number;
}

/** What backends are put together for. */
interface Asked {
  readonly protocol: PoolProtocol;
  readonly report: Report;
  readonly onward: Onward;
}

/** The backends of a route with its one rule, for the fleets of each zone; what is wrong with them is reported once. */
export function toFleetBackends(
  context: Translating,
  route: TCPRoute | TLSRoute | UDPRoute,
  fleets: readonly string[],
  { protocol, report, onward }: Asked,
): readonly FleetBackends[] {
  const { ref } = route.meta;
  const key = toElementName(context, ref, ref.kind.toLowerCase());
  const groups = groupByZone(context.settings, fleets);
  const given = { protocol, key, onward, report: groups.length === 1 ? report : reportOnce(report) };
  return groups.map(({ zone, fleets: names }) => ({
    names,
    backends: toPortBackends({ ...context, zone }, route, route.rules[0], given),
  }));
}

/**
 * The Services of a rule, each with its share. What a share is for that cannot be used has no servers: its connections are reset, its
 * datagrams dropped, and the other shares do not grow. The annotations of a Service hold as for its own pool port.
 * @param key Of the route, in Traefik's configuration.
 */
function toPortBackends(
  context: Translating,
  route: GatewayRoute,
  rule: PortRule | undefined,
  { key, ...asked }: Asked & { readonly key: string },
): PortBackends {
  const { ref } = route.meta;
  const { protocol, report } = asked;
  const refusals: Refusal[] = [];
  const targets: Target[] = [];
  const branches = (rule?.backendRefs ?? []).flatMap((backendRef, index): Branch | [] => {
    const found = findBackend(context, ref, backendRef, protocol === 'udp' ? 'UDP' : 'TCP');
    if ('reason' in found) {
      refusals.push(found);
      report(found.code, found);
      const none = toElementName(context, ref, ref.kind.toLowerCase(), `none:${index}`);
      return { backend: toNothing(none), weight: backendRef.weight };
    }
    const target = toTarget(context, ref, found, { ...asked, backendRef });
    targets.push(target);
    return { backend: target.backend, weight: backendRef.weight };
  });
  const [refusal] = refusals;
  return {
    backend: toShares(toOwnKey(context, ref, key, targets), branches),
    filters: inOrder(withoutDoubles(targets.flatMap(({ filters }) => filters))),
    checks: targets.flatMap(({ checks }) => checks),
    uses: targets.flatMap(({ uses }) => uses),
    ...(refusal && { refusal }),
  };
}

type Target = Omit<PortBackends, 'refusal'> & Pick<Partial<OnwardTls>, 'part'>;

/** Another one where the backends are others by how TLS is spoken to them. */
function toOwnKey(context: Translating, ref: ObjectRef, key: string, targets: readonly Target[]): string {
  const parts = new Set(targets.flatMap(({ part }) => part ?? []));
  return parts.size === 0 ? key : toElementName(context, ref, ref.kind.toLowerCase(), ...parts);
}

/** What is reported once, and not as an annotation without effect as well. */
const accessPart = toMiddlewarePart('tcpMiddlewares', { role: 'allow-cidrs' });

function toTarget(
  context: Translating,
  route: ObjectRef,
  { service, port }: BackendTarget,
  { protocol, backendRef, report, onward }: Asked & { readonly backendRef: BackendRef },
): Target {
  const { ref } = service.meta;
  const read = readServiceAnnotations(context, service.meta);
  const tls =
    protocol === 'tcp'
      ? findOnwardTls(context, route, { service, port }, read.directives, onward)
      : undefined;
  const reading = tls === undefined ? read : { ...read, directives: tls.directives };
  const directives = reading.directives.tcpMiddlewares ?? [];
  const { filters, uses } = toFilters<TcpMiddleware>(context, 'tcpMiddlewares', undefined, {
    ref,
    directives,
  });
  const { field } = backendRef;
  // Traefik has no middlewares for UDP: what limits access cannot be carried out, and nothing may get past it.
  const isShut = protocol === 'udp' && filters.some(({ stage }) => stage === 'access');
  if (isShut)
    report('access-limit-unusable', {
      field,
      message: `Service ${ref.name} limits access, which is not possible for UDP; its packets are dropped`,
      hint: 'Route UDP to a Service without access limits, and limit it in the network.',
    });
  if (tls?.refused === 'subjectAltNames') reportNames(service, field, report);
  const asking = { service, reading, fleets: [], report };
  const target = toPortTarget(context, asking, {
    protocol,
    port,
    part: tls?.part,
    field,
    isShut: isShut || tls?.refused !== undefined,
  });
  return {
    ...(tls && { part: tls.part }),
    backend: target.backend,
    filters: protocol === 'tcp' ? [...filters, ...target.limits] : [],
    checks: target.checks,
    uses: [
      ...uses,
      ...toUses(ref, isShut ? [...target.carried, accessPart] : target.carried),
      ...target.others,
    ],
  };
}

function reportNames({ meta: { ref } }: Service, field: string, report: Report): void {
  report('gateway-policy-refused', {
    field,
    message: `the BackendTLSPolicy of Service ${ref.name} asks for subjectAltNames, which Traefik does not compare over TCP; its connections are closed`,
    hint: 'Remove subjectAltNames from the policy, or route HTTP to the Service.',
  });
}

/** Those of one Service for two of its ports are the same. */
function withoutDoubles<M>(filters: readonly Filter<M>[]): readonly Filter<M>[] {
  return [...new Map(filters.map((filter) => [filter.key, filter])).values()];
}

function toNothing(key: string): PortBackend {
  return { kind: 'load-balancer', key, addresses: [] };
}

function toShares(key: string, all: readonly Branch[]): PortBackend {
  const byKey = new Map<string, Branch>();
  for (const { backend, weight } of all) {
    if (weight === 0) continue;
    byKey.set(backend.key, { backend, weight: weight + (byKey.get(backend.key)?.weight ?? 0) });
  }
  const [only, ...others] = byKey.values();
  if (only === undefined) return toNothing(key);
  return others.length === 0 ? only.backend : { kind: 'weighted', key, branches: [only, ...others] };
}
