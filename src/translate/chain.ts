import type { ObjectRef } from '../model/object-ref.ts';
import { stages, type MiddlewareWish } from '../annotations/wishes.ts';
import { toElementName, type TranslateContext } from './context.ts';
import type { ChainLink } from './intent.ts';

/** What one object asks for in the way of middlewares. */
export interface ChainPart<M> {
  readonly ref: ObjectRef;
  readonly wishes: readonly MiddlewareWish<M>[];
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
    router.wishes.filter((wish) => wish.stage !== 'access').map((wish) => wish.role),
  );
  const links = [
    ...(service?.wishes
      .filter((wish) => !overridden.has(wish.role))
      .map((wish) => toLink(context, service.ref, wish)) ?? []),
    ...router.wishes.map((wish) => toLink(context, router.ref, wish)),
  ];
  return links.sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
}

function toLink<M>(context: TranslateContext, ref: ObjectRef, wish: MiddlewareWish<M>): ChainLink<M> {
  return {
    key: toElementName(context, ref, ref.kind.toLowerCase(), wish.role),
    stage: wish.stage,
    value: wish.middleware,
    ...(wish.whenTls && { whenTls: wish.whenTls }),
  };
}
