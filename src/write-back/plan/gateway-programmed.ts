import type { Condition, ListenerStatus } from '../../routes/status.ts';

/**
 * The conditions of a Gateway or ListenerSet with `Programmed`: what follows from its own object comes first; then it needs an address that
 * clients can be given, and a listener that is served. Absent `addresses`: it has none of its own.
 */
export function withProgrammed(
  conditions: readonly Condition[],
  listeners: readonly ListenerStatus[],
  addresses: readonly unknown[] | undefined,
): readonly Condition[] {
  const stated = find(conditions, 'Programmed');
  if (stated !== undefined && stated.status !== 'True') return conditions;
  const programmed =
    toRefused(conditions) ??
    toUnaddressed(addresses) ??
    toUnserved(listeners, addresses === undefined) ??
    stated ??
    toCondition('True', 'Programmed', 'Traefik has what it says.');
  return [...conditions.filter(({ type }) => type !== 'Programmed'), programmed];
}

function toRefused(conditions: readonly Condition[]): Condition | undefined {
  const accepted = find(conditions, 'Accepted');
  return accepted?.status === 'False' ? toCondition('False', 'Invalid', accepted.message) : undefined;
}

function toUnaddressed(addresses: readonly unknown[] | undefined): Condition | undefined {
  if (addresses === undefined || addresses.length > 0) return undefined;
  return toCondition(
    'False',
    'AddressNotAssigned',
    'The fleet has no address that clients could be given: it is for the operator of Fairlead to set fleets[].addresses.',
  );
}

/** What all listeners have in common that are not served. */
function toUnserved(listeners: readonly ListenerStatus[], isSet: boolean): Condition | undefined {
  const programmed = listeners.flatMap((listener) => find(listener.conditions, 'Programmed') ?? []);
  const [first] = programmed;
  if (first === undefined || programmed.some(({ status }) => status === 'True')) return undefined;
  const ports = programmed.every(({ reason }) => reason === 'PortUnavailable');
  const reason = isSet ? (ports ? 'PortUnavailable' : 'ListenersNotValid') : 'Invalid';
  return toCondition('False', reason, `No listener is served. ${first.message}`);
}

function find(conditions: readonly Condition[], wanted: string): Condition | undefined {
  return conditions.find(({ type }) => type === wanted);
}

function toCondition(status: 'False' | 'True', reason: string, message: string): Condition {
  return { type: 'Programmed', status, reason, message };
}
