import type { HttpRoute } from '../routes/intent.ts';
import type { HostMatch, PathMatch } from '../routes/match.ts';

/**
 * The bits of a priority, the most significant first: 52 in all, which JSON numbers and Traefik (int64) hold exactly.
 * One scale for every kind of route, so that they can share an entryPoint.
 */
const fields = [
  ['exactHost', 1],
  ['hostLength', 8],
  ['exactPath', 1],
  // Paths have at most 4,096 characters.
  ['pathLength', 13],
  ['method', 1],
  ['headers', 5],
  ['query', 5],
  // Between routes that ask for the same: the higher goes first.
  ['tie', 18],
] as const;

type FieldName = (typeof fields)[number][0];

/**
 * The priority of a router, so that Traefik decides as the specifications of Ingress and Gateway API do: an exact host before a
 * wildcard one before none, the longer wildcard first; of the paths an exact one, then the longer; then the method, the more headers
 * and query parameters. For the routes of an Ingress no two are equal: conflicts are settled before.
 * Without it Traefik takes the length of the rule, by which `Exact` loses to `Prefix`.
 * https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches
 * https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
export function toPriority({ match, fallback }: Pick<HttpRoute, 'fallback' | 'match'>): number {
  return toNumber({
    ...toHostFields(match.host),
    ...(fallback ? {} : toPathFields(match.path)),
    method: match.method === undefined ? 0 : 1,
    headers: match.headers?.length ?? 0,
    query: match.query?.length ?? 0,
    // Never 0 as a whole, which is Traefik's word for "by length".
    tie: 1,
  });
}

function toHostFields(host: HostMatch): Partial<Record<FieldName, number>> {
  switch (host.kind) {
    case 'any':
      return {};
    case 'exact':
      return { exactHost: 1, hostLength: host.name.length };
    case 'wildcard':
      return { hostLength: host.suffix.length + 2 };
  }
}

function toPathFields({ type, value }: PathMatch): Partial<Record<FieldName, number>> {
  return { exactPath: type === 'Exact' ? 1 : 0, pathLength: value.length };
}

function toNumber(values: Partial<Record<FieldName, number>>): number {
  let number = 0;
  for (const [name, bits] of fields) {
    const limit = 2 ** bits;
    number = number * limit + Math.min(values[name] ?? 0, limit - 1);
  }
  return number;
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
