import type { ObjectRef } from '../../model/object-ref.ts';
import type { ReferenceGrant, Service } from '../../model/objects.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';

/**
 * Whether a Service lets those of another namespace or source lead to it: by its own annotation, or, within its source, by a
 * ReferenceGrant. https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
export function isGranted(context: Translating, target: Service, from: ObjectRef): boolean {
  const { ref } = target.meta;
  const { grantTo = [] } = readServiceAnnotations(context, target.meta).directives;
  const isNamed = grantTo.some(
    ({ source = ref.source, namespace }) =>
      source === from.source && (namespace === '*' || namespace === from.namespace),
  );
  // Looked up in any case, to hear of what is granted later.
  const grants = context.view.grantsIn(ref.source, ref.namespace);
  return isNamed || (ref.source === from.source && grants.some((grant) => covers(grant, target, from)));
}

function covers(grant: ReferenceGrant, { meta: { ref } }: Service, from: ObjectRef): boolean {
  return (
    grant.from.some(
      ({ group, kind, namespace }) => group === '' && kind === 'Service' && namespace === from.namespace,
    ) &&
    grant.to.some(
      ({ group, kind, name = ref.name }) => group === '' && kind === 'Service' && name === ref.name,
    )
  );
}
