import type { HttpRoute, SettledRoute } from '../routes/intent.ts';
import type { HostMatch, NamedHost } from '../routes/match.ts';
import { toTraefikOrder } from './traefik-priority.ts';

/**
 * The bits of each field of a priority, the most significant first: 52 in all, which JSON numbers and Traefik (int64) hold exactly.
 * One scale for every kind of route, so that they can share an entryPoint.
 */
const bits = {
  exactHost: 1,
  hostLength: 8,
  exactPath: 1,
  // Paths have at most 4,096 characters.
  pathLength: 13,
  method: 1,
  headers: 5,
  query: 5,
  // Between routes that ask for the same: the higher goes first.
  tie: 18,
};

type Ranked = Pick<SettledRoute, 'branch' | 'fallback' | 'match' | 'order' | 'tie'>;

/**
 * The priority of a router, so that Traefik decides as the specifications of Ingress and Gateway API do: an exact host before a
 * wildcard one before none, the longer wildcard first; of the paths an exact one, then the longer; then the method, the more headers
 * and query parameters. For the routes of an Ingress no two are equal: conflicts are settled before.
 * Without it Traefik takes the length of the rule, by which `Exact` loses to `Prefix`.
 * Routes that have an order of their own keep that among those of their host.
 * https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches
 * https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
export function toPriority({ match, fallback, branch = 0, order, tie = branch }: Ranked): number {
  const { host, path, method, headers = [], query = [] } = match;
  let number = append(0, bits.exactHost, host.kind === 'exact' ? 1 : 0);
  number = append(number, bits.hostLength, toHostLength(host));
  // Below the exact paths of others, among their prefixes.
  if (order) return number * 2 ** (bits.exactPath + restBits) + toTraefikOrder(host, path, order) + branch;
  number = append(number, bits.exactPath, !fallback && path.type === 'Exact' ? 1 : 0);
  number = append(number, bits.pathLength, fallback ? 0 : (path.rank ?? path.value.length));
  number = append(number, bits.method, method === undefined ? 0 : 1);
  number = append(number, bits.headers, headers.length);
  number = append(number, bits.query, query.length);
  // Never 0 as a whole, which is Traefik's word for "by length".
  return append(number, bits.tie, 1 + tie);
}

/** All that comes behind the bit of exact paths. */
const restBits = bits.pathLength + bits.method + bits.headers + bits.query + bits.tie;

/** The priority of a router by SNI, on the same scale: an exact host before a wildcard, the longer wildcard first. */
export function toSniPriority(host: NamedHost): number {
  return toPriority({ match: { host, path: { type: 'Prefix', value: '' } }, fallback: false });
}

function toHostLength(host: HostMatch): number {
  switch (host.kind) {
    case 'any':
      return 0;
    case 'exact':
      return host.name.length;
    case 'wildcard':
      return host.suffix.length + 2;
  }
}

/** With a field of so many bits behind it; what is too much for them counts as the most that they hold. */
function append(number: number, width: number, value: number): number {
  const size = 2 ** width;
  return number * size + Math.min(value, size - 1);
}

/**
 * Where the length of the rule decides: the priority of a default backend, below that of every rule. Its own rule may be the very
 * one of a router for `/`. Undefined for other routes.
 */
export function toFallbackPriority({
  match: { host },
  fallback,
}: Pick<HttpRoute, 'fallback' | 'match'>): number | undefined {
  if (!fallback) return undefined;
  return host.kind === 'any' ? 1 : host.kind === 'wildcard' ? 2 : 3;
}
