import { findNearest } from '../lib/nearest.ts';
import type { Annotated } from './feature.ts';
import { refusedAnnotations } from './nginx/refused.ts';
import { traefikPrefix } from './traefik/keys.ts';

/** Why an annotation of a vocabulary that Fairlead reads has no feature. */
export type Unusable =
  | {
      readonly kind: 'limits-access' | 'not-supported';
      /** The end of a sentence that begins with its key. */
      readonly why: string;
      readonly hint: string;
    }
  /** One of a vocabulary that is known as a whole, and it has no such name. */
  | { readonly kind: 'unknown' }
  /** Known and not carried out; but its value asks for what is so without it. */
  | { readonly kind: 'asks-for-nothing' };

const own = 'fairlead.dev/';
const nginx = 'nginx.ingress.kubernetes.io/';

/** Keys of Fairlead's own vocabulary that this version does not carry out yet. */
const ownLater = new Set(
  ['expose-each', 'failover-to', 'migrate-to', 'migrate-weight', 'mirror-to'].map((name) => own + name),
);

/** Annotations of ingress-nginx that this version does not carry out yet. */
const nginxLater = new Set(
  `
    app-root from-to-www-redirect permanent-redirect permanent-redirect-code rewrite-target
    server-alias temporal-redirect temporal-redirect-code use-regex x-forwarded-prefix
  `
    .trim()
    .split(/\s+/)
    .map((name) => nginx + name),
);

/**
 * Annotations of other controllers that decide who may reach a route. What they ask for has to hold or the route stays shut,
 * whether or not Fairlead can express them. Source: the annotation lists of ingress-nginx and of Traefik's Ingress provider.
 */
const foreignLimits = [/^nginx\.ingress\.kubernetes\.io\/(auth-|enable-global-auth$|enable-modsecurity$)/];

/** What to say of an annotation that no feature declares; undefined when it is none of Fairlead's business. */
export function findUnusable(key: string, value: string, on: Annotated): Unusable | undefined {
  if (key.startsWith(own)) {
    return ownLater.has(key)
      ? { kind: 'not-supported', why: notYet, hint: 'Remove it until a version supports it.' }
      : { kind: 'unknown' };
  }
  // Every name that Traefik has is declared.
  if (key.startsWith(traefikPrefix) && (on === 'Ingress' || on === 'Service')) return { kind: 'unknown' };
  if (on !== 'Ingress' || !key.startsWith(nginx)) return undefined;
  const refused = refusedAnnotations.get(key);
  if (refused !== undefined) {
    const { why, hint, limits, harmless = [] } = refused;
    // No value that is harmless is as long as that.
    if (harmless.includes(value.slice(0, 20).trim().toLowerCase())) return { kind: 'asks-for-nothing' };
    return { kind: limits === true ? 'limits-access' : 'not-supported', why, hint };
  }
  if (foreignLimits.some((pattern) => pattern.test(key))) {
    const hint = 'Remove it, or limit access by fairlead.dev/allow-cidrs.';
    return { kind: 'limits-access', why: 'limits access, and this version cannot carry it out', hint };
  }
  if (!nginxLater.has(key)) return { kind: 'unknown' };
  return { kind: 'not-supported', why: notYet, hint: toEquivalentHint(key) };
}

const notYet = 'cannot be carried out';

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
]);

function toEquivalentHint(key: string): string {
  const equivalent = equivalents.get(key);
  return equivalent === undefined
    ? 'Remove it, or look for its equivalent in docs/annotations.md.'
    : `Use ${equivalent} in its place.`;
}

const undeclared: readonly string[] = [...refusedAnnotations.keys(), ...nginxLater];

/** The key that a user most likely meant, of those that features declare and those that are known beside them: at most three slips away. */
export function suggestKey(key: string, declared: readonly string[]): string | undefined {
  return findNearest(key, key.startsWith(nginx) ? [...declared, ...undeclared] : declared, 3);
}
