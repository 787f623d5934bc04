import { toListenersAccepted } from '../../routes/listeners-accepted.ts';
import type { Condition, ListenerStatus } from '../../routes/status.ts';

/**
 * The conditions of a Gateway or ListenerSet, once the ledger has answered: a listener that it refuses is as little accepted as one with a
 * port that nobody has.
 * @param listeners What follows from the objects alone.
 * @param answered The same, with what became of the pool ports.
 */
export function withAccepted(
  of: 'Gateway' | 'ListenerSet',
  conditions: readonly Condition[],
  listeners: readonly ListenerStatus[],
  answered: readonly ListenerStatus[],
): readonly Condition[] {
  const refused = answered.filter(isRefused);
  const isRefusedItself = conditions.some(({ type, status }) => type === 'Accepted' && status === 'False');
  if (isRefusedItself || refused.length === listeners.filter(isRefused).length) return conditions;
  const isServed = listeners.some(
    (listener, index) =>
      holds(listener, 'Programmed', 'True') && !refused.some((each) => each === answered[index]),
  );
  const accepted = toListenersAccepted(
    of,
    refused.map(({ name }) => name),
    isServed,
  );
  return conditions.map((each) => (each.type === 'Accepted' ? accepted : each));
}

function isRefused(listener: ListenerStatus): boolean {
  return holds(listener, 'Accepted', 'False');
}

function holds({ conditions }: ListenerStatus, type: string, status: Condition['status']): boolean {
  return conditions.some((each) => each.type === type && each.status === status);
}
