import type { Filter, PortRoute, SettledRoute } from '../routes/intent.ts';
import { toConditionText, toHostText } from '../routes/match.ts';
import type { TraefikVersion } from '../settings/settings.ts';
import { findEntryPoint, toImportedEntryPoint } from '../settings/port-pool.ts';
import type { HttpRouter } from '../traefik/http-router.ts';
import { joinName, toRouteSlug } from '../traefik/names.ts';
import { hostSniAny } from '../traefik/rule.ts';
import { toBackendElements, toServiceKey } from './backend-elements.ts';
import type { Element } from './fragment.ts';
import { toHttpRule } from './http-rule.ts';
import { toPortBackendElements } from './port-elements.ts';
import { toFallbackPriority, toPriority } from './priority.ts';
import type { RenderContext } from './render-context.ts';
import { toClosedSniElements, toTls } from './sni-elements.ts';

/**
 * An HTTP route as routers (one for plain HTTP, one for TLS), its middlewares, services and transports. A route that cannot or must not
 * reach its backend has its router too: without one its requests would fall through to a shorter rule, perhaps of someone else.
 */
export function toHttpElements(context: RenderContext, route: SettledRoute): readonly Element[] {
  const { entryPoints } = context.fleet;
  const { plain, secured } = route;
  const name = toRouterName(context, route);
  return [
    {
      section: 'http.routers',
      key: joinName(...name),
      value: toRouter(context, route, { entryPoint: entryPoints.http, filters: plain }),
    },
    ...(secured
      ? [
          {
            section: 'http.routers',
            key: joinName(...name, 'tls'),
            value: {
              ...toRouter(context, route, { entryPoint: entryPoints.https, ...secured }),
              ...toTls(secured),
            },
          } as const,
        ]
      : []),
    // What is behind TLS is a part of what is before it.
    ...plain.flatMap(({ key, value, backend }): readonly Element[] => [
      { section: 'http.middlewares', key, value },
      ...(backend === undefined ? [] : toBackendElements(backend)),
    ]),
    ...toBackendElements(route.backend),
  ];
}

/** A wildcard that is routed by SNI must not get the connections of an HTTP host below it. */
export function toSniGuard(context: RenderContext, route: SettledRoute): readonly Element[] {
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
  return conditions === '' ? parts : [...parts, conditions];
}

function toRouter(
  { fleet, priorities }: RenderContext,
  route: SettledRoute,
  { entryPoint, filters }: { readonly entryPoint: string; readonly filters: readonly Filter<unknown>[] },
): HttpRouter {
  const rule = toHttpRule(route.match, fleet.traefik);
  const isTls = entryPoint === fleet.entryPoints.https;
  const served = isTls ? toHttpRule(route.match, fleet.traefik, route.beside.below === true) : rule;
  const byLength = toLengthPriority(route, fleet.traefik, served === rule);
  const priority = priorities === 'spec' ? toPriority(route) : (toFallbackPriority(route) ?? byLength);
  return {
    entryPoints: [entryPoint],
    rule: served,
    ruleSyntax: 'default',
    service: toServiceKey(route.backend),
    ...(priority !== undefined && { priority }),
    ...(filters.length > 0 && { middlewares: filters.map(({ key }) => key) }),
    ...(route.observability && { observability: route.observability }),
  };
}

/** Where the length of the rule decides. Undefined where Traefik finds it out by itself. */
function toLengthPriority(
  { match, branch }: SettledRoute,
  version: TraefikVersion,
  isPlain: boolean,
): number | undefined {
  if (branch === undefined) return isPlain ? undefined : toHttpRule(match, version).length;
  // Right before the route that it is a branch of, in the order that was asked for and not in that of the length of conditions.
  const { host, path } = match;
  return toHttpRule({ host, path }, version).length + branch;
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
    ...filters.map((filter): Element => ({
      section: 'tcp.middlewares',
      key: filter.key,
      value: filter.value,
    })),
    ...services,
  ];
}
