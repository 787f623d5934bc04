import { all, hostSniAny, withoutAlpn } from '../traefik/rule.ts';
import type { Settled } from '../routes/intent.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { knowsWildcardHosts } from '../traefik/versions.ts';
import { closed, closedTcpService } from './closed-ports.ts';
import { toFragment, type Fragment } from './fragment.ts';

/**
 * A router that closes TLS connections for names which nothing has, as the Gateway API wants it of listeners for TLS: without it Traefik
 * shows its own certificate. Clients of HTTPS say so by ALPN and get their 404; those that do not say it still reach every host that a
 * router for HTTPS names, since Traefik asks these first, but no other: see `servesUnnamed`.
 */
export function toUnknownSniFragments({
  entryPoints: { http, https },
  listeners,
}: Pick<FleetSettings, 'entryPoints' | 'listeners'>): readonly Fragment[] {
  const entryPoints = [...new Set([https, ...listeners.values()])].filter((name) => name !== http);
  const value = {
    entryPoints,
    rule: all(hostSniAny(), withoutAlpn('h2', 'http/1.1')),
    ruleSyntax: 'default',
    priority: 1,
    tls: { passthrough: true },
    service: closed,
  } as const;
  return [
    toFragment({ section: 'tcp.routers', key: 'unknown', value }, value),
    toFragment(closedTcpService, { loadBalancer: { servers: [] } }),
  ];
}

/** Whether a route is served over TLS for hosts that its router does not name, so that for Traefik no name is unknown. */
export function servesUnnamed({ traefik }: Pick<FleetSettings, 'traefik'>, intent: Settled): boolean {
  if (intent.kind !== 'http' || intent.secured === undefined || intent.isRest === true) return false;
  const { host } = intent.match;
  return (
    host.kind === 'any' ||
    (host.kind === 'wildcard' && (host.labels === 'many' || !knowsWildcardHosts(traefik)))
  );
}
