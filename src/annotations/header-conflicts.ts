import type { Directives } from './directives.ts';
import { toMiddlewarePart } from './parts.ts';

/** A header that another vocabulary sets otherwise than Fairlead's own, which has the last word. */
export interface HeaderConflict {
  /** Of the other vocabulary. */
  readonly part: string;
  /** As Fairlead's own names it. */
  readonly header: string;
}

const kinds = ['customRequestHeaders', 'customResponseHeaders'] as const;

/** What an object sets in two vocabularies, and not to the same value. */
export function findHeaderConflicts(own: Directives, other: Directives): readonly HeaderConflict[] {
  return kinds.flatMap((kind) => {
    const ours = new Map(
      listHeaders(own, kind).map(({ name, value }) => [name.toLowerCase(), { name, value }]),
    );
    return listHeaders(other, kind).flatMap(({ part, name, value }) => {
      const same = ours.get(name.toLowerCase());
      return same === undefined || same.value === value ? [] : [{ part, header: same.name }];
    });
  });
}

interface SetHeader {
  readonly part: string;
  readonly name: string;
  readonly value: string;
}

function listHeaders(
  { middlewares = [], upstreamHost }: Directives,
  kind: (typeof kinds)[number],
): readonly SetHeader[] {
  const set = middlewares.flatMap((directive) => {
    const { middleware } = directive;
    if (middleware === null || !('headers' in middleware)) return [];
    const part = toMiddlewarePart('middlewares', directive);
    return Object.entries(middleware.headers[kind] ?? {}).map(([name, value]) => ({ part, name, value }));
  });
  if (upstreamHost === undefined || kind !== 'customRequestHeaders') return set;
  return [...set, { part: 'upstreamHost', name: 'Host', value: upstreamHost }];
}
