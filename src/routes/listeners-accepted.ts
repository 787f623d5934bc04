import { listSome } from '../model/problem.ts';
import type { Condition } from './status.ts';

const served = {
  Gateway: 'The Gateway is served',
  ListenerSet: 'The listeners are part of the Gateway',
} as const;

/**
 * `Accepted` of a Gateway or ListenerSet that nothing is wrong with but for its listeners: with some that are not accepted it is, and says
 * so; with none that can be served it is not. https://gateway-api.sigs.k8s.io/reference/spec/#gatewayconditionreason
 * @param refused The names of those that are not accepted.
 */
export function toListenersAccepted(
  of: keyof typeof served,
  refused: readonly string[],
  isServed: boolean,
): Condition {
  const type = 'Accepted';
  const reason = 'ListenersNotValid';
  if (!isServed) {
    const message = 'No listener can be served: see the conditions of each';
    return { type, status: 'False', reason, message };
  }
  if (refused.length === 0) return { type, status: 'True', reason: 'Accepted', message: served[of] };
  const message = `${served[of]}, but for the listeners ${listSome(refused)}: see the conditions of each`;
  return { type, status: 'True', reason, message };
}
