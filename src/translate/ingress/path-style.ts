import type { IngressPath } from '../../model/objects.ts';
import type { Directives, RouterDirective } from '../../annotations/directives.ts';
import type { Ownership } from './ingress-class.ts';

/** How a path of an Ingress matches: as the specification has it, or as one of Traefik's matchers does. */
export type PathStyle = 'Exact' | 'NginxRegex' | 'PlainPrefix' | 'Prefix' | 'Regexp';

/** What decides how the paths of an Ingress match, besides their types. */
export interface PathRules {
  /** As Traefik matches by default: prefixes by their characters. */
  readonly isPlain: boolean;
  readonly matcher: RouterDirective['pathMatcher'];
  /** As ingress-nginx does where it is asked to: paths that are not of type Exact are regular expressions. */
  readonly isRegex: boolean;
}

export function toPathRules(
  { dialect, adopted }: Pick<Ownership, 'adopted' | 'dialect'>,
  { router, regexPaths }: Pick<Directives, 'regexPaths' | 'router'>,
): PathRules {
  const isPlain = dialect === 'traefik' && adopted?.strictPrefixMatching !== true;
  return { isPlain, matcher: router?.pathMatcher, isRegex: regexPaths === true };
}

export function toPathStyle({ pathType, path }: IngressPath, rules: PathRules): PathStyle {
  const { isPlain, matcher, isRegex } = rules;
  if (pathType === 'Exact') return 'Exact';
  if (isRegex) return 'NginxRegex';
  if (pathType === 'ImplementationSpecific' && matcher === 'Path') return 'Exact';
  if (pathType === 'ImplementationSpecific' && matcher === 'PathRegexp') return 'Regexp';
  // Both take everything: as one and the same it is an elder's.
  if (path === '/') return 'Prefix';
  return isPlain || (pathType === 'ImplementationSpecific' && matcher === 'PathPrefix')
    ? 'PlainPrefix'
    : 'Prefix';
}

/**
 * The bytes of the rule that Traefik's own provider writes: by them it orders what asks for no priority. What matches by elements counts
 * as if it matched by characters, so that it stands among the other paths of its length.
 */
export function toRuleLength(host: string, path: string, style: PathStyle): number {
  const matcher = {
    Exact: 'Path',
    Prefix: 'PathPrefix',
    PlainPrefix: 'PathPrefix',
    NginxRegex: 'PathRegexp',
    Regexp: 'PathRegexp',
  }[style];
  const hostRule = host === '' ? '' : `Host("${host}") && `;
  return Buffer.byteLength(`${hostRule}${matcher}(${JSON.stringify(path)})`);
}
