import type { PathMatch } from './intent.ts';

/** `/foo` and `/foo/` are the same prefix, element by element; as exact paths they are two. */
export function toPathMatch(type: PathMatch['type'], path: string): PathMatch {
  return {
    type,
    value: type === 'Prefix' && path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path,
  };
}
