import type { RouteTls, SniRoute } from '../routes/intent.ts';
import { toHostText, type NamedHost } from '../routes/match.ts';
import type { HostTlsOptions } from '../routes/tls-options.ts';
import { findEntryPoint } from '../settings/port-pool.ts';
import type { FleetSettings, TraefikVersion } from '../settings/settings.ts';
import { hostSni, hostSniBelow, wildcardHostSni, type Rule } from '../traefik/rule.ts';
import type { RouterTls } from '../traefik/http-router.ts';
import type { TcpRouter } from '../traefik/tcp.ts';
import { toPortBackendElements } from './port-elements.ts';
import { closed, closedTcpService } from './closed-ports.ts';
import type { RenderContext } from './render-context.ts';
import type { Element } from './fragment.ts';
import { toSniPriority } from './priority.ts';

/** A route by SNI as a router on the https entryPoint or that of its pool port, its middlewares and services. */
export function toSniElements(context: RenderContext, route: SniRoute): readonly Element[] {
  const { key, host, tls, filters, backend } = route;
  const { fleet } = context;
  const entryPoint = findEntryPointOf(fleet, route);
  // A port that the pool no longer has is kept for its holder, but Traefik has no entryPoint for it.
  if (entryPoint === undefined) return [];
  const middlewares = filters.map((filter) => filter.key);
  return [
    {
      section: 'tcp.routers',
      key,
      value: {
        ...toRouter(context, host, entryPoint),
        ...(tls === undefined ? { tls: { passthrough: true } } : toTls(tls)),
        service: backend.key,
        ...(middlewares.length > 0 && { middlewares }),
      },
    },
    ...filters.flatMap(({ key: name, value }): Element | [] =>
      value === null ? [] : { section: 'tcp.middlewares', key: name, value },
    ),
    ...toOptionsElements(tls?.options),
    ...toPortBackendElements('tcp', backend, context.fleet.traefik),
  ];
}

function findEntryPointOf(fleet: FleetSettings, { port, entryPoint }: SniRoute): string | undefined {
  if (port !== undefined) return findEntryPoint(fleet.pools, 'tcp', port);
  return entryPoint ?? fleet.entryPoints.https;
}

/**
 * What keeps the TLS connections for a host from a wildcard around it: a router that closes them. Those of HTTPS never come to it
 * where the host has TLS itself, since Traefik asks the HTTPS routers first; those that begin with PostgreSQL's STARTTLS do.
 */
export function toClosedSniElements(
  context: RenderContext,
  key: string,
  host: NamedHost,
): readonly Element[] {
  const router = toRouter(context, host, context.fleet.entryPoints.https);
  const value = { ...router, tls: { passthrough: true }, service: closed };
  return [{ section: 'tcp.routers', key, value }, closedTcpService];
}

/** The TLS options that routers name, where they are not defined elsewhere. */
export function toOptionsElements(options: HostTlsOptions | undefined): readonly Element[] {
  return options?.kind === 'own' ? [{ section: 'tls.options', key: options.key, value: options.value }] : [];
}

/** The TLS of a router that ends it. */
export function toTls({ certResolver, options, domains }: RouteTls): { readonly tls: RouterTls } {
  const tls = {
    ...(certResolver !== undefined && { certResolver }),
    ...(options !== undefined && { options: options.key }),
    ...(domains && { domains }),
  };
  return { tls: Object.keys(tls).length === 0 ? true : tls };
}

function toRouter(
  { fleet }: RenderContext,
  host: NamedHost,
  entryPoint: string,
): Pick<TcpRouter, 'entryPoints' | 'priority' | 'rule' | 'ruleSyntax'> {
  return {
    entryPoints: [entryPoint],
    rule: toSniRule(host, fleet.traefik),
    ruleSyntax: 'default',
    priority: toSniPriority(host),
  };
}

function toSniRule(host: NamedHost, version: TraefikVersion): Rule {
  if (host.kind === 'exact') return hostSni(host.name);
  return host.labels === 'one' ? wildcardHostSni(toHostText(host), version) : hostSniBelow(host.suffix);
}
