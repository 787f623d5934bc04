import type { Annotated } from './feature.ts';

/** Why an annotation of a vocabulary that Fairlead reads has no feature. */
export type Unusable =
  { readonly kind: 'limits-access' | 'not-supported'; readonly hint: string } | { readonly kind: 'unknown' };

const own = 'fairlead.dev/';
const nginx = 'nginx.ingress.kubernetes.io/';
const traefik = 'traefik.ingress.kubernetes.io/';

/**
 * Keys of Fairlead's own vocabulary that this version does not carry out yet. Those that narrow who gets in stand in
 * the second list: a route that asks for them must not stand open.
 */
const ownLater = new Set(
  ['expose-each', 'failover-to', 'migrate-to', 'migrate-weight', 'mirror-to', 'proxy-protocol', 'sni'].map(
    (name) => own + name,
  ),
);
const ownLimits = new Set([`${own}max-connections`]);

/** Makes an Ingress a part of another one, which shares its host and path. By itself it would take the host from that one. */
export const canaryKey = `${nginx}canary`;

/**
 * Annotations of other controllers that decide who may reach a route. What they ask for has to hold or the route stays shut,
 * whether or not Fairlead can express them. Source: the annotation lists of ingress-nginx and of Traefik's Ingress provider.
 */
const foreignLimits = [
  /^nginx\.ingress\.kubernetes\.io\/(auth-|enable-global-auth$|satisfy$|(allow|white|deny)list-source-range$|enable-modsecurity$)/,
  /^traefik\.ingress\.kubernetes\.io\/router\.(entrypoints|middlewares|tls\.options)$/,
];

/** What to say of an annotation that no feature declares; undefined when it is none of Fairlead's business. */
export function findUnusable(key: string, on: Annotated): Unusable | undefined {
  if (key.startsWith(own)) {
    if (ownLimits.has(key)) return { kind: 'limits-access', hint: 'Remove it until a version supports it.' };
    return ownLater.has(key)
      ? { kind: 'not-supported', hint: 'Remove it until a version supports it.' }
      : { kind: 'unknown' };
  }
  if (on !== 'Ingress' || !(key.startsWith(nginx) || key.startsWith(traefik))) return undefined;
  return foreignLimits.some((pattern) => pattern.test(key))
    ? { kind: 'limits-access', hint: 'Remove it, or limit access by fairlead.dev/allow-cidrs.' }
    : { kind: 'not-supported', hint: 'Remove it, or look for its equivalent in docs/annotations.md.' };
}

/** The declared key that a user most likely meant: at most three slips away. */
export function suggestKey(key: string, declared: readonly string[]): string | undefined {
  let best: { readonly key: string; readonly distance: number } | undefined;
  for (const candidate of declared) {
    const distance = countEdits(key, candidate);
    if (distance <= 3 && (best === undefined || distance < best.distance))
      best = { key: candidate, distance };
  }
  return best?.key;
}

/** Levenshtein distance. The keys are short, and only unknown ones are compared. */
function countEdits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? Number.POSITIVE_INFINITY;
}
