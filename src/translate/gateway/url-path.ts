import { isWellFormed } from '../../traefik/values.ts';
import type { PathMatch } from '../../routes/match.ts';

/** A path as it stands in a URL; undefined for what is none. */
export function toUrlPath(text: string): string | undefined {
  if (!text.startsWith('/') || text.length > 4096 || !isWellFormed(text)) return undefined;
  if (/[\x00-\x1f\x7f]/.test(text)) return undefined;
  return text
    .replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25')
    .replaceAll(/[^A-Za-z0-9._~!$&'()*+,;=:@/%-]/gu, encodeURIComponent);
}

/** A text in a replacement, where `$1` is a group. */
export function toReplacement(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** How many elements a prefix has: none of `/`. Of what is no prefix undefined. */
export function countElements({ type, value }: PathMatch): number | undefined {
  if (type !== 'Prefix') return undefined;
  return value === '/' ? 0 : value.split('/').length - 1;
}

/**
 * What a prefix matches of a path, as a regular expression. By the number of its elements: that they are the right ones is for the rule to
 * see to, which knows them in all their encodings. Undefined where the match is none by prefix.
 */
export function toPrefixPattern(path: PathMatch): string | undefined {
  const count = countElements(path);
  if (count === undefined) return undefined;
  return count === 0 ? '' : `(?:/+[^/?#]+){${count}}`;
}

/** How what follows a prefix is put behind what stands in its place: `rest` is the pattern, with one group, and `to` the replacement. */
export interface PrefixReplacement {
  readonly rest: string;
  /** To be followed by the text of the group. */
  readonly to: string;
}

/** Takes what `toUrlPath` gives, or an empty text. https://gateway-api.sigs.k8s.io/reference/spec/#httppathmodifier has a table of it. */
export function toPrefixReplacement(path: string): PrefixReplacement {
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  // In place of nothing there has to be a slash.
  if (trimmed === '') return { rest: '(?:/([^?#]*))?', to: '/' };
  return { rest: '(/[^?#]*)?', to: toReplacement(trimmed) };
}
