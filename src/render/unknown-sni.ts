import { all, hostSniAny, withoutAlpn } from '../traefik/rule.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { closed, closedTcpService } from './closed-ports.ts';
import { toFragment, type Fragment } from './fragment.ts';

/**
 * Where a fleet asks for it, a router that closes TLS connections for names which nothing has, as the Gateway API wants it of listeners for
 * TLS: without it Traefik shows its own certificate. Clients of HTTPS say so by ALPN and get their 404; those that do not say it still
 * reach every host that a router for HTTPS names, since Traefik asks these first, but no host that only a wildcard of several labels is for.
 */
export function toUnknownSniFragments({
  entryPoints: { http, https },
  listeners,
  refusesUnknownSni,
}: Pick<FleetSettings, 'entryPoints' | 'listeners' | 'refusesUnknownSni'>): readonly Fragment[] {
  if (refusesUnknownSni !== true) return [];
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
