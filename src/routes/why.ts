import { toObjectKey, type ObjectKey, type ObjectRef } from '../model/object-ref.ts';

/**
 * A part of what the annotations of an object ask for, carried by something: a route, a port, a backend. What no use names
 * has no effect, and its owner hears of it (`pipeline/annotation-effects.ts`).
 */
export interface AnnotationUse {
  readonly object: ObjectKey;
  /** As `annotations/parts.ts` names it, such as `loadBalancer/strategy`; or a fact about the object, such as `is http`. */
  readonly part: string;
}

/** Why something is there. */
export interface Why {
  /** What in the owner asks for it, such as `spec.rules[0].http.paths[1]`. */
  readonly field: string;
  /** What of the annotations of the owner and of the Service behind it shaped it. */
  readonly uses: readonly AnnotationUse[];
}

export function toUses(object: ObjectRef, parts: Iterable<string>): readonly AnnotationUse[] {
  const key = toObjectKey(object);
  return [...parts].map((part) => ({ object: key, part }));
}
