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

/** All annotations of ingress-nginx that begin so limit access. A slip in one of them must not leave the route open. */
const nginxLimits = `${nginx}auth-`;

/** What to say of an annotation that no feature declares; undefined when it is none of Fairlead's business. */
export function findUnusable(key: string, value: string, on: Annotated): Unusable | undefined {
  if (key.startsWith(own)) return { kind: 'unknown' };
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
  if (key.startsWith(nginxLimits)) {
    const hint = 'Correct the name, or remove it and limit access with fairlead.dev/allow-cidrs.';
    return { kind: 'limits-access', why: 'is unknown, and may limit access', hint };
  }
  return { kind: 'unknown' };
}

const undeclared: readonly string[] = [...refusedAnnotations.keys()];

/** The key that a user most likely meant, of those that features declare and those that are known beside them: at most three slips away. */
export function suggestKey(key: string, declared: readonly string[]): string | undefined {
  return findNearest(key, key.startsWith(nginx) ? [...declared, ...undeclared] : declared, 3);
}
