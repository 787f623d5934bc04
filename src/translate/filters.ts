import { toObjectKey, type ObjectRef } from '../model/object-ref.ts';
import { protectiveStages, stages, type MiddlewareDirective } from '../annotations/directives.ts';
import { toMiddlewarePart } from '../annotations/parts.ts';
import type { Filter } from '../routes/intent.ts';
import type { AnnotationUse } from '../routes/why.ts';
import { toElementName, type TranslateContext } from './context.ts';

/** What one object asks for in the way of middlewares. */
export interface FilterPart<M> {
  readonly ref: ObjectRef;
  readonly directives: readonly MiddlewareDirective<M>[];
  /** What it has where neither asks for the same. It is the same for all objects, and stands in Traefik's configuration once. */
  readonly byDefault?: readonly MiddlewareDirective<M>[];
}

export interface FilterResult<M> {
  /** Outermost first. */
  readonly filters: readonly Filter<M>[];
  /** Of what was asked to be off: that it is off. */
  readonly uses: readonly AnnotationUse[];
}

/**
 * The middlewares of a route. Where the Service and the object that routes to it ask for the same thing, the latter counts, also
 * where it asks for "off"; access limits hold together, so that neither can open what the other closed.
 * @param limits Those of other Services to which requests of the route may go.
 */
export function toFilters<M>(
  context: TranslateContext,
  family: 'middlewares' | 'tcpMiddlewares',
  service: FilterPart<M> | undefined,
  router: FilterPart<M>,
  limits: readonly FilterPart<M>[] = [],
): FilterResult<M> {
  const overridden = new Set(
    router.directives.filter(({ stage }) => !protectiveStages.has(stage)).map(({ role }) => role),
  );
  const filters: Filter<M>[] = [];
  const uses: AnnotationUse[] = [];
  const add = (ref: ObjectRef, directive: MiddlewareDirective<M>): void => {
    const { stage, role, middleware: value, reference, whenTls } = directive;
    const use = { object: toObjectKey(ref), part: toMiddlewarePart(family, directive) };
    if (reference !== undefined) {
      filters.push({ key: reference, stage, value: null, use });
      return;
    }
    if (value === null) {
      uses.push(use);
      return;
    }
    const key = toElementName(context, ref, ref.kind.toLowerCase(), role);
    filters.push({ key, stage, value, use, ...(whenTls && { whenTls }) });
  };
  for (const directive of service?.directives ?? []) {
    if (service !== undefined && !overridden.has(directive.role)) add(service.ref, directive);
  }
  for (const directive of router.directives) add(router.ref, directive);
  const said = new Set([...(service?.directives ?? []), ...router.directives].map(({ role }) => role));
  for (const { stage, role, middleware: value } of router.byDefault ?? []) {
    const use = { object: toObjectKey(router.ref), part: toMiddlewarePart(family, { role }) };
    // No key that is made of names lacks a `_`.
    if (value !== null && !said.has(role)) filters.push({ key: `default-${role}`, stage, value, use });
  }
  for (const { ref, directives } of limits) for (const directive of directives) add(ref, directive);
  return { filters: inOrder(filters), uses };
}

/** Outermost first; of one stage as they come. */
export function inOrder<M>(filters: readonly Filter<M>[]): readonly Filter<M>[] {
  return filters.toSorted((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
}
