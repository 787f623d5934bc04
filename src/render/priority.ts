import type { HttpRoute } from '../routes/intent.ts';

const perHostRank = 100_000;

/**
 * The priority of a router, so that Traefik decides as the Ingress specification does: an exact host before a wildcard one
 * before none, then the longer path, then `Exact` before `Prefix`. Two equal ones cannot be: conflicts are settled before.
 * Without it Traefik takes the length of the rule, by which `Exact` loses to `Prefix`.
 * https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches
 */
export function toPriority(route: Pick<HttpRoute, 'host' | 'path' | 'fallback'>): number {
  const hostRank = toHostRank(route.host);
  const pathRank = route.fallback ? 0 : route.path.value.length * 2 + (route.path.type === 'Exact' ? 1 : 0);
  // Never 0, which is Traefik's word for "by length".
  return hostRank * perHostRank + pathRank + 1;
}

/**
 * Where the length of the rule decides: the priority of a default backend, below that of every rule. Its own rule may be the very
 * one of a router for `/`. Undefined for other routes.
 */
export function toFallbackPriority(route: Pick<HttpRoute, 'host' | 'fallback'>): number | undefined {
  return route.fallback ? toHostRank(route.host) + 1 : undefined;
}

function toHostRank(host: string | null): number {
  return host === null ? 0 : host.startsWith('*.') ? 1 : 2;
}
