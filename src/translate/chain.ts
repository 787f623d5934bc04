import type { ObjectRef } from '../model/object-ref.ts';
import { stages, type MiddlewareDirective } from '../annotations/directives.ts';
import { toElementName, type TranslateContext } from './context.ts';
import type { ChainLink } from '../routes/intent.ts';

/** What one object asks for in the way of middlewares. */
export interface ChainPart<M> {
  readonly ref: ObjectRef;
  readonly directives: readonly MiddlewareDirective<M>[];
}

/**
 * The middlewares of a route, outermost first. Where the Service and the object that routes to it ask for the same thing, the
 * latter counts; limits of access hold together, so that neither can open what the other closed.
 */
export function toChain<M>(
  context: TranslateContext,
  service: ChainPart<M> | undefined,
  router: ChainPart<M>,
): readonly ChainLink<M>[] {
  const overridden = new Set(
    router.directives.filter((directive) => directive.stage !== 'access').map((directive) => directive.role),
  );
  const links = [
    ...(service?.directives
      .filter((directive) => !overridden.has(directive.role))
      .map((directive) => toLink(context, service.ref, directive)) ?? []),
    ...router.directives.map((directive) => toLink(context, router.ref, directive)),
  ];
  return links.sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
}

function toLink<M>(
  context: TranslateContext,
  ref: ObjectRef,
  directive: MiddlewareDirective<M>,
): ChainLink<M> {
  return {
    key: toElementName(context, ref, ref.kind.toLowerCase(), directive.role),
    stage: directive.stage,
    value: directive.middleware,
    ...(directive.whenTls && { whenTls: directive.whenTls }),
  };
}
