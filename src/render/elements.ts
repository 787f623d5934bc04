import type { Filter, PortRoute, RouteTls, SettledRoute } from '../routes/intent.ts';
import { toConditionText, toHostText, toOneLabel, type HttpMatch } from '../routes/match.ts';
import type { TraefikVersion } from '../settings/settings.ts';
import { findEntryPoint, toImportedEntryPoint } from '../settings/port-pool.ts';
import type { HttpMiddleware } from '../traefik/http-middleware.ts';
import type { HttpRouter } from '../traefik/http-router.ts';
import { joinName, toRouteSlug } from '../traefik/names.ts';
import { hostSniAny } from '../traefik/rule.ts';
import { closed, type HttpBackend } from '../routes/backend.ts';
import { toBackendElements, toRouterMiddlewares, toServiceKey } from './backend-elements.ts';
import type { Element } from './fragment.ts';
import { toHttpRule, type HostForm } from './http-rule.ts';
import { toPortBackendElements } from './port-elements.ts';
import { toFallbackPriority, toPriority } from './priority.ts';
import type { RenderContext, Rendering } from './render-context.ts';
import { toClosedSniElements, toOptionsElements, toTls } from './sni-elements.ts';

/**
 * An HTTP route as routers (one for plain HTTP, one for TLS), its middlewares, services and transports. A route that cannot or must not
 * reach its backend has its router too: without one its requests would fall through to a shorter rule, perhaps of someone else.
 */
export function toHttpElements(rendering: Rendering, route: SettledRoute): readonly Element[] {
  const { plain, secured } = route;
  const { http, https } = rendering.fleet.entryPoints;
  const place = route.place?.entryPoint;
  const name = toRouterName(rendering, route);
  const { backend } = route;
  const inClear = route.isShutInClear === true ? closed : backend;
  return [
    ...(plain
      ? [toRouter(rendering, route, { name, entryPoint: place ?? http, filters: plain, backend: inClear })]
      : []),
    ...listSecured(route).map((each) =>
      toRouter(rendering, each, {
        name: [...toRouterName(rendering, each), 'tls'],
        entryPoint: place ?? https,
        filters: each.secured.filters,
        backend,
        tls: each.secured,
      }),
    ),
    // What is behind TLS is a part of what is before it.
    ...toMiddlewares(rendering, (route.isShutInClear === true ? undefined : plain) ?? secured?.filters ?? []),
    ...(isOwn(route) ? toOptionsElements(secured?.options) : []),
    ...(inClear === backend ? [] : toBackendElements(rendering, inClear)),
    ...toBackendElements(rendering, backend),
  ];
}

/** What of a route is served over TLS by a router each. */
function listSecured(
  route: SettledRoute,
): readonly (SettledRoute & Required<Pick<SettledRoute, 'secured'>>)[] {
  const { secured, match } = route;
  if (secured === undefined) return [];
  const whole = { ...route, secured };
  const { ofOneLabel: options, ...rest } = secured;
  const host = toOneLabel(match.host);
  if (options === undefined || host === undefined) return [whole];
  return [whole, { ...route, match: { ...match, host }, secured: { ...rest, options } }];
}

function toMiddlewares(rendering: Rendering, filters: readonly Filter<HttpMiddleware>[]): readonly Element[] {
  return filters.flatMap(({ key, value, backend }): readonly Element[] => [
    ...(value === null ? [] : [{ section: 'http.middlewares', key, value } as const]),
    ...(backend === undefined ? [] : toBackendElements(rendering, backend)),
  ]);
}

/** What a route needs because of others, so that it is not counted as its own. */
export function toSharedElements(context: RenderContext, route: SettledRoute): readonly Element[] {
  const { options, ofOneLabel } = route.secured ?? {};
  return [
    ...toSniGuard(context, route),
    ...(isOwn(route) ? [] : toOptionsElements(options)),
    ...toOptionsElements(ofOneLabel),
  ];
}

/** Whether the TLS options that its host has are those that it asks for itself. */
function isOwn({ tls, secured }: SettledRoute): boolean {
  return tls?.options !== undefined && tls.options.key === secured?.options?.key;
}

/** A wildcard that is routed by SNI must not get the connections of an HTTP host below it. */
function toSniGuard(context: RenderContext, route: SettledRoute): readonly Element[] {
  const { host } = route.match;
  if (route.beside.above !== true || host.kind === 'any') return [];
  return toClosedSniElements(context, joinName(...toHostParts(context, route), '~guard'), host);
}

/** The object, and a host of it. */
function toHostParts(context: RenderContext, { owner, match }: SettledRoute): readonly string[] {
  const { source, namespace, name, kind } = owner.ref;
  const scope = source === context.firstSource ? namespace : `${source}:${namespace}`;
  return [scope, name, kind.toLowerCase(), toHostText(match.host) || '~any'];
}

function toRouterName(context: RenderContext, route: SettledRoute): readonly string[] {
  const { match, fallback } = route;
  const slug = fallback ? '~fallback' : toRouteSlug(match.path.type, match.path.value);
  const conditions = toConditionText(match);
  const parts = [...toHostParts(context, route), slug];
  const own = route.place === undefined || route.place.shared ? [] : [`~at~${route.place.entryPoint}`];
  return [...parts, ...(conditions === '' ? [] : [conditions]), ...own];
}

/** One router of a route. */
interface Served {
  readonly name: readonly string[];
  readonly entryPoint: string;
  readonly filters: readonly Filter<unknown>[];
  readonly backend: HttpBackend;
  readonly tls?: RouteTls;
}

function toRouter(
  { fleet, priorities }: RenderContext,
  route: SettledRoute,
  { name, entryPoint, filters, backend, tls }: Served,
): Element {
  const rule = toHttpRule(route.match, fleet.traefik);
  const form = tls === undefined ? 'plain' : toHostForm(route, entryPoint === fleet.entryPoints.https);
  const served = form === 'plain' ? rule : toHttpRule(route.match, fleet.traefik, form);
  const priority =
    priorities === 'spec' ? toPriority(route) : toPriorityByLength(route, fleet.traefik, served !== rule);
  const middlewares = [...filters.map(({ key }) => key), ...toRouterMiddlewares(backend, fleet.traefik)];
  const value: HttpRouter = {
    entryPoints: [entryPoint],
    rule: served,
    ruleSyntax: 'default',
    service: toServiceKey(backend),
    ...(priority !== undefined && { priority }),
    ...(middlewares.length > 0 && { middlewares }),
    ...(route.observability && { observability: route.observability }),
    ...(tls && toTls(withOwnDomain(route, tls))),
  };
  return { section: 'http.routers', key: joinName(...name), value };
}

/** A resolver asks for certificates by the names in rules, as they stand there. */
function withOwnDomain({ match: { host }, secured }: SettledRoute, tls: RouteTls): RouteTls {
  const isNamed = tls.certResolver === undefined || tls.domains !== undefined;
  if (isNamed || host.kind !== 'exact' || secured?.isBesideOptions !== true) return tls;
  return { ...tls, domains: [{ main: host.name }] };
}

function toHostForm({ beside, secured }: SettledRoute, isShared: boolean): HostForm {
  if (secured?.ofOneLabel !== undefined) return 'far';
  if (isShared && beside.below === true) return 'silent';
  return secured?.isBesideOptions === true ? 'longer' : 'plain';
}

/** Where the longer rule wins: undefined where Traefik finds the length of this one by itself. */
function toPriorityByLength(
  route: SettledRoute,
  version: TraefikVersion,
  isOther: boolean,
): number | undefined {
  const { match, order, branch } = route;
  if (order !== undefined) return (order.asked ?? order.length) + (branch ?? 0);
  const fallback = toFallbackPriority(route);
  if (fallback !== undefined || branch === undefined)
    return fallback ?? (isOther || match.path.rank !== undefined ? toLength(match, version) : undefined);
  // Right before the route that it is a branch of, in the order that was asked for and not in that of the length of conditions.
  const { host, path } = match;
  return toLength({ host, path }, version) + branch;
}

/** Of a rule, with a path as long as it counts. */
function toLength(match: HttpMatch, version: TraefikVersion): number {
  const { value, rank = value.length } = match.path;
  return toHttpRule(match, version).length - value.length + rank;
}

/** A pool port as exactly one catch-all router: with a second one Traefik would wait for the client to speak first. */
export function toPortElements(context: RenderContext, route: PortRoute): readonly Element[] {
  const { key, protocol, port, filters, backend } = route;
  const own = route.imported === true ? toImportedEntryPoint(protocol, port) : undefined;
  const entryPoint = findEntryPoint(context.fleet.pools, protocol, port) ?? own;
  // A port that no pool has any more is kept for its holder, but Traefik has no entryPoint for it.
  if (entryPoint === undefined) return [];
  const entryPoints = [entryPoint];
  const services = toPortBackendElements(protocol, backend, context.fleet.traefik);
  if (protocol === 'udp')
    return [{ section: 'udp.routers', key, value: { entryPoints, service: backend.key } }, ...services];
  const middlewares = filters.map((filter) => filter.key);
  const rest = { ruleSyntax: 'default', service: backend.key } as const;
  return [
    {
      section: 'tcp.routers',
      key,
      value: {
        entryPoints,
        rule: hostSniAny(),
        ...rest,
        ...(middlewares.length > 0 && { middlewares }),
      },
    },
    ...filters.flatMap((filter): Element | [] =>
      filter.value === null ? [] : { section: 'tcp.middlewares', key: filter.key, value: filter.value },
    ),
    ...services,
  ];
}
