import { findNearest } from '../lib/nearest.ts';
import type { Annotated } from './feature.ts';

/** Why an annotation of a vocabulary that Fairlead reads has no feature. */
export type Unusable =
  { readonly kind: 'limits-access' | 'not-supported'; readonly hint: string } | { readonly kind: 'unknown' };

const own = 'fairlead.dev/';
const nginx = 'nginx.ingress.kubernetes.io/';
const traefik = 'traefik.ingress.kubernetes.io/';

/** Keys of Fairlead's own vocabulary that this version does not carry out yet. */
const ownLater = new Set(
  ['expose-each', 'failover-to', 'migrate-to', 'migrate-weight', 'mirror-to'].map((name) => own + name),
);

/** Makes an Ingress a part of another one, which shares its host and path. By itself it would take the host from that one. */
export const canaryKey = `${nginx}canary`;

/**
 * Annotations of other controllers that decide who may reach a route. What they ask for has to hold or the route stays shut,
 * whether or not Fairlead can express them. Source: the annotation lists of ingress-nginx and of Traefik's Ingress provider.
 */
const foreignLimits = [
  /^nginx\.ingress\.kubernetes\.io\/(auth-|enable-global-auth$|satisfy$|enable-modsecurity$)/,
  /^traefik\.ingress\.kubernetes\.io\/router\.(entrypoints|middlewares|tls\.options)$/,
];

/** What to say of an annotation that no feature declares; undefined when it is none of Fairlead's business. */
export function findUnusable(key: string, on: Annotated): Unusable | undefined {
  if (key.startsWith(own)) {
    return ownLater.has(key)
      ? { kind: 'not-supported', hint: 'Remove it until a version supports it.' }
      : { kind: 'unknown' };
  }
  if (on !== 'Ingress' || !(key.startsWith(nginx) || key.startsWith(traefik))) return undefined;
  return foreignLimits.some((pattern) => pattern.test(key))
    ? { kind: 'limits-access', hint: 'Remove it, or limit access by fairlead.dev/allow-cidrs.' }
    : { kind: 'not-supported', hint: toEquivalentHint(key) };
}

/** What says the same in Fairlead's own words. */
const equivalents = new Map([
  [`${nginx}affinity`, 'fairlead.dev/sticky-cookie on the Service'],
  [`${nginx}load-balance`, 'fairlead.dev/strategy on the Service'],
  [`${nginx}proxy-body-size`, 'fairlead.dev/max-body'],
  [`${nginx}proxy-connect-timeout`, 'fairlead.dev/timeout-connect'],
  [`${nginx}proxy-next-upstream-tries`, 'fairlead.dev/retries'],
  [`${nginx}proxy-read-timeout`, 'fairlead.dev/timeout-read'],
  [`${nginx}proxy-ssl-name`, 'fairlead.dev/server-name'],
  [`${nginx}proxy-ssl-secret`, 'fairlead.dev/ca'],
  [`${nginx}proxy-ssl-verify`, 'fairlead.dev/insecure-skip-verify'],
  [`${nginx}service-upstream`, 'fairlead.dev/backends: clusterip'],
  [`${nginx}session-cookie-name`, 'fairlead.dev/sticky-cookie on the Service'],
  [`${nginx}upstream-hash-by`, 'fairlead.dev/strategy on the Service'],
  [`${traefik}router.tls`, 'fairlead.dev/tls'],
]);

function toEquivalentHint(key: string): string {
  const equivalent = equivalents.get(key);
  return equivalent === undefined
    ? 'Remove it, or look for its equivalent in docs/annotations.md.'
    : `Use ${equivalent} in its place.`;
}

/** The declared key that a user most likely meant: at most three slips away. */
export function suggestKey(key: string, declared: readonly string[]): string | undefined {
  return findNearest(key, declared, 3);
}
