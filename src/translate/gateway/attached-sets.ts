import type { Gateway, ListenerSet } from '../../model/objects.ts';
import type { Translating } from '../context.ts';
import { admitsNamespace } from './allowed-namespaces.ts';
import type { Refusal } from './resolved.ts';

/** Why a ListenerSet is not accepted, whatever its listeners are; undefined when it is. */
export function refuseSet(
  context: Pick<Translating, 'view'>,
  gateway: Gateway,
  set: ListenerSet,
  ofGateway: Refusal | undefined,
): Refusal | undefined {
  const { namespace } = set.meta.ref;
  if (!admitsNamespace(context, gateway.allowedListeners, gateway.meta.ref, namespace))
    return {
      reason: 'NotAllowed',
      field: 'spec.parentRef',
      message: `the Gateway takes no ListenerSets from namespace ${namespace}`,
      hint: 'The owner of the Gateway can allow it in spec.allowedListeners.',
    };
  // What is wrong with a Gateway is the matter of those who have it.
  return ofGateway === undefined
    ? undefined
    : {
        reason: 'ParentNotAccepted',
        field: 'spec.parentRef',
        message: 'the Gateway is not accepted itself, so nothing of it is served',
        hint: 'Look at the conditions in the status of the Gateway.',
      };
}
