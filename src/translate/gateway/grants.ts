import type { ReferenceGrant } from '../../model/objects.ts';
import type { Subject } from '../../model/problem.ts';
import type { View } from '../../model/snapshot.ts';

/** What an object refers to; the group of the core is the empty text. */
export interface Referent {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The group of all kinds of the Gateway API. */
export const gatewayGroup = 'gateway.networking.k8s.io';

/**
 * Whether an object may refer to another one of its source: one of its own namespace, or one whose namespace has a ReferenceGrant for
 * it. A grant for Gateways is none for their ListenerSets, nor the reverse. https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
export function mayRefer(
  { view }: { readonly view: Pick<View, 'grantsIn'> },
  from: Subject,
  to: Referent,
): boolean {
  return (
    from.namespace === to.namespace ||
    view.grantsIn(from.source, to.namespace).some((grant) => covers(grant, from, to))
  );
}

function covers(grant: ReferenceGrant, from: Subject, to: Referent): boolean {
  // Besides Services, which moves go out from, only objects of the Gateway API refer to others across namespaces.
  const fromGroup = from.kind === 'Service' ? '' : gatewayGroup;
  return (
    grant.from.some(
      ({ group, kind, namespace }) =>
        group === fromGroup && kind === from.kind && namespace === from.namespace,
    ) &&
    grant.to.some(
      ({ group, kind, name = to.name }) => group === to.group && kind === to.kind && name === to.name,
    )
  );
}
