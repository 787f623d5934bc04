import type { ObjectRef } from '../../model/object-ref.ts';
import type { Service } from '../../model/objects.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { mayRefer } from '../gateway/grants.ts';

/**
 * Whether a Service lets those of another namespace or source lead to it: by its own annotation, or, within its source, by a
 * ReferenceGrant.
 */
export function isGranted(context: Translating, target: Service, from: ObjectRef): boolean {
  const { ref } = target.meta;
  const { grantTo = [] } = readServiceAnnotations(context, target.meta).directives;
  const isNamed = grantTo.some(
    ({ source = ref.source, namespace }) =>
      source === from.source && (namespace === '*' || namespace === from.namespace),
  );
  return isNamed || (ref.source === from.source && mayRefer(context, from, { ...ref, group: '' }));
}
