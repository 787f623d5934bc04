import { inRange } from '../model/port.ts';
import { all, anyHost, hostSniAny, path, prefixByElement, type Rule } from '../traefik/rule.ts';
import { joinName, toRouteSlug } from '../traefik/names.ts';
import { toFallbackPriority, toPriority } from './priority.ts';
import type { Element } from './fragment.ts';
import { toEntryPointName, type FleetSettings, type Settings } from '../settings/settings.ts';
import type { HttpRoute, PortRoute } from '../routes/intent.ts';
import type { HttpRouter } from '../traefik/http-router.ts';
import type { TcpRouter, TcpService } from '../traefik/tcp.ts';

/** What the renderer needs to know besides the intents. */
export interface RenderContext {
  readonly fleet: FleetSettings;
  readonly priorities: Settings['ingress']['priorities'];
  /** The name of the source that goes without its name in keys. */
  readonly firstSource: string;
}

/**
 * A service without servers: requests get 503. A route that cannot or must not reach its backend goes there, for without
 * a router its requests would fall through to a shorter rule, perhaps of someone else. No object's key lacks a `_`.
 */
const unavailable = 'unavailable';

/** An HTTP route as routers (one for plain HTTP, one for TLS), its middlewares, service and transport. */
export function toHttpElements(context: RenderContext, route: HttpRoute): readonly Element[] {
  const { fleet } = context;
  const { owner, backend } = route;
  const slug = route.fallback ? '~fallback' : toRouteSlug(route.path.type, route.path.value);
  const namespace =
    owner.ref.source === context.firstSource
      ? owner.ref.namespace
      : `${owner.ref.source}:${owner.ref.namespace}`;
  const name = [namespace, owner.ref.name, owner.ref.kind.toLowerCase(), route.host ?? '~any', slug];
  // What leads nowhere is not changed on its way; access limits included, as nothing is there to protect.
  const chain = backend === null ? [] : route.chain;
  const priority = context.priorities === 'spec' ? toPriority(route) : toFallbackPriority(route);
  const router: HttpRouter = {
    entryPoints: [fleet.entryPoints.http],
    rule: toRule(context, route),
    ruleSyntax: 'default',
    service: backend?.service.key ?? unavailable,
    ...(priority !== undefined && { priority }),
    ...(chain.length > 0 && { middlewares: chain.map((link) => link.key) }),
  };
  // Behind TLS a redirect to TLS would go in circles.
  const secured = chain.filter((link) => link.stage !== 'redirect').map((link) => link.key);
  const { middlewares: _, ...bare } = router;
  return [
    { section: 'http.routers', key: joinName(...name), value: router },
    ...(route.tls
      ? [
          {
            section: 'http.routers',
            key: joinName(...name, 'tls'),
            value: {
              ...bare,
              entryPoints: [fleet.entryPoints.https],
              ...(secured.length > 0 && { middlewares: secured }),
              tls: route.tls.certResolver === undefined ? true : { certResolver: route.tls.certResolver },
            },
          } as const,
        ]
      : []),
    ...chain.map((link): Element => ({ section: 'http.middlewares', key: link.key, value: link.value })),
    ...toBackendElements(backend),
  ];
}

function toBackendElements(backend: HttpRoute['backend']): readonly Element[] {
  if (backend === null)
    return [{ section: 'http.services', key: unavailable, value: { loadBalancer: { servers: [] } } }];
  const { service, transport } = backend;
  return [
    { section: 'http.services', key: service.key, value: { loadBalancer: service.value } },
    ...(transport
      ? [{ section: 'http.serversTransports', key: transport.key, value: transport.value } as const]
      : []),
  ];
}

function toRule(context: RenderContext, route: HttpRoute): Rule {
  const pathRule = route.path.type === 'Exact' ? path(route.path.value) : prefixByElement(route.path.value);
  if (route.host === null) return pathRule;
  const hostRule = anyHost(route.host, context.fleet.traefik);
  // `PathPrefix("/")` is true of every request: the shorter rule costs Traefik less for each of thousands.
  return route.path.type === 'Prefix' && route.path.value === '/' ? hostRule : all(hostRule, pathRule);
}

/** A pool port as exactly one catch-all router: with a second one Traefik would wait for the client to speak first. */
export function toPortElements(context: RenderContext, route: PortRoute): readonly Element[] {
  const pool = context.fleet.ports.pools[route.protocol];
  // A port that the pool no longer has is kept for its holder, but Traefik has no entryPoint for it.
  if (pool === undefined || !inRange(pool.range, route.port)) return [];
  const entryPoints = [toEntryPointName(pool, route.port)];
  return route.protocol === 'tcp' ? toTcpElements(route, entryPoints) : toUdpElements(route, entryPoints);
}

function toTcpElements(route: PortRoute, entryPoints: readonly string[]): readonly Element[] {
  const { key, chain, transport } = route;
  const middlewares = chain.map((link) => link.key);
  const router: TcpRouter = {
    entryPoints,
    rule: hostSniAny(),
    ruleSyntax: 'default',
    service: key,
    ...(middlewares.length > 0 && { middlewares }),
  };
  return [
    { section: 'tcp.routers', key, value: router },
    ...chain.map((link): Element => ({ section: 'tcp.middlewares', key: link.key, value: link.value })),
    ...toPortServices(route).map((service): Element => ({ section: 'tcp.services', ...service })),
    ...(transport
      ? [{ section: 'tcp.serversTransports', key: transport.key, value: transport.value } as const]
      : []),
  ];
}

function toUdpElements(route: PortRoute, entryPoints: readonly string[]): readonly Element[] {
  return [
    { section: 'udp.routers', key: route.key, value: { entryPoints, service: route.key } },
    ...toPortServices(route).map((service): Element => ({ section: 'udp.services', ...service })),
  ];
}

interface PortService {
  readonly key: string;
  readonly value:
    | Extract<TcpService, { readonly loadBalancer: unknown }>
    | Extract<TcpService, { readonly weighted: unknown }>;
}

/** A TCP or UDP server has no weight in Traefik: uneven shares take one service for each server under a weighted one. */
function toPortServices({ key, servers, transport }: PortRoute): readonly PortService[] {
  const toBalancer = (addresses: readonly string[]): PortService['value'] => ({
    loadBalancer: {
      servers: addresses.map((address) => ({ address })),
      ...(transport && { serversTransport: transport.key }),
    },
  });
  if (servers.every((server) => server.weight === servers[0]?.weight)) {
    return [{ key, value: toBalancer(servers.map((server) => server.address)) }];
  }
  // Part by part, since a part with `_` in it would be hashed.
  const parts = key.split('_');
  const shares = servers.map(({ address, weight }) => ({
    name: joinName(...parts, address),
    weight,
    address,
  }));
  return [
    { key, value: { weighted: { services: shares.map(({ name, weight }) => ({ name, weight })) } } },
    ...shares.map(({ name, address }) => ({ key: name, value: toBalancer([address]) })),
  ];
}
