import { mergeDirectives, type Directives, type MiddlewareDirective } from './directives.ts';
import { listParts, toMiddlewarePart } from './parts.ts';

/** What a feature makes of the annotations of an object. */
export interface FeaturePart {
  readonly part: Directives;
  /** Whether it was asked by Fairlead's own annotations alone. */
  readonly isOwn: boolean;
}

/** Parts of other vocabularies that do the same as a part of ours under another name. Under the same name they do anyway. */
const sameEffect: Readonly<Record<string, readonly string[]>> = {
  'middlewares/rate-limit': ['middlewares/limit-rpm', 'middlewares/limit-rps'],
  'middlewares/strip-prefix': ['rewrite'],
};

/** Whether an annotation is Fairlead's own. */
export function isOwnKey(key: string): boolean {
  return key.startsWith('fairlead.dev/');
}

/**
 * What the features ask for together. Of one effect Fairlead's own annotations decide, whatever those of other vocabularies on the
 * object say: of those the later one in the list.
 */
export function joinParts(parts: readonly FeaturePart[]): Directives {
  const join = (some: readonly FeaturePart[]): Directives =>
    some.reduce<Directives>((joined, { part }) => mergeDirectives(joined, part), {});
  const own = join(parts.filter(({ isOwn }) => isOwn));
  const others = join(parts.filter(({ isOwn }) => !isOwn));
  return mergeDirectives(withoutParts(others, listDisplaced(own)), own);
}

/** The middlewares of a Service that hold for requests which an object with these directives sends to it, but for what it has of its own. */
export function withoutDisplaced<M>(
  ofService: readonly MiddlewareDirective<M>[],
  router: Directives,
): readonly MiddlewareDirective<M>[] {
  const own = listParts(router);
  return ofService.filter((directive) => {
    const others = sameEffect[toMiddlewarePart('middlewares', directive)] ?? [];
    return !others.some((part) => own.has(part));
  });
}

/** Whether a part of another vocabulary can have been displaced by one of ours. */
export function mayDisplace(own: ReadonlySet<string>, part: string): boolean {
  return own.has(part) || [...own].some((each) => sameEffect[each]?.includes(part) === true);
}

function listDisplaced(own: Directives): ReadonlySet<string> {
  return new Set([...listParts(own).keys()].flatMap((part) => sameEffect[part] ?? []));
}

function withoutParts(directives: Directives, parts: ReadonlySet<string>): Directives {
  if (parts.size === 0) return directives;
  const { middlewares, rewrite, ...rest } = directives;
  return {
    ...rest,
    ...(rewrite && !parts.has('rewrite') && { rewrite }),
    ...(middlewares && {
      middlewares: middlewares.filter((each) => !parts.has(toMiddlewarePart('middlewares', each))),
    }),
  };
}
