import { listSome } from '../../model/problem.ts';
import { toListenersAccepted } from '../../routes/listeners-accepted.ts';
import type { Condition, StatusFacts } from '../../routes/status.ts';
import { toCondition } from './conditions.ts';
import { toListenerStatus } from './listener-status.ts';
import type { Refusal, ResolvedListener, ResolvedParent } from './resolved.ts';

type ParentFacts = Extract<StatusFacts, { readonly of: 'Gateway' | 'ListenerSet' }>;

/**
 * What the status of a Gateway is to say.
 * @param listenerSets How many ListenerSets it has accepted.
 */
export function toGatewayFacts(parent: ResolvedParent, listenerSets: number): ParentFacts {
  const { refusal, programmed, addresses, hasInsecureFrontend, listeners, fleets } = parent;
  const conditions: Condition[] = [
    toAccepted('Gateway', refusal, listeners),
    toCondition('ResolvedRefs', parent.resolvedRefs ?? refuseRefs(listeners), {
      reason: 'ResolvedRefs',
      message: 'All that the Gateway names is there',
    }),
  ];
  if (programmed !== undefined) conditions.push(toCondition('Programmed', programmed, unused));
  if (hasInsecureFrontend === true) conditions.push(insecure);
  return {
    of: 'Gateway',
    fleets,
    conditions,
    listeners: listeners.slice(0, mostListeners).map(toListenerStatus),
    listenerSets,
    ...(addresses && { addresses }),
  };
}

/** What the status of a ListenerSet is to say. */
export function toListenerSetFacts({ refusal, listeners, fleets }: ResolvedParent): ParentFacts {
  const accepted = toAccepted('ListenerSet', refusal, listeners);
  const programmed =
    accepted.status === 'True'
      ? fleets.length === 0
        ? [toCondition('Programmed', unprogrammed, unused)]
        : []
      : [{ ...accepted, type: 'Programmed', reason: inProgrammed[accepted.reason] ?? accepted.reason }];
  return {
    of: 'ListenerSet',
    fleets,
    conditions: [accepted, ...programmed],
    listeners: listeners.slice(0, mostListeners).map(toListenerStatus),
  };
}

/** Whether a Gateway or ListenerSet is accepted, which one without a listener that can be served is not. */
export function isAccepted({ refusal, listeners }: ResolvedParent): boolean {
  return refusal === undefined && hasServed(listeners);
}

function hasServed(listeners: readonly ResolvedListener[]): boolean {
  return listeners.some(({ refusals }) => refusals.programmed === undefined);
}

/** As many as a status has room for. */
const mostListeners = 64;
const unused = { reason: 'Programmed', message: '' };
const inProgrammed: Readonly<Record<string, string>> = { ParentNotAccepted: 'ParentNotProgrammed' };

const unprogrammed: Refusal = {
  reason: 'ParentNotProgrammed',
  message: 'nothing serves the Gateway, so that its ListenerSets are not served either',
  hint: 'Look at the conditions in the status of the Gateway.',
};

const insecure: Condition = {
  type: 'InsecureFrontendValidationMode',
  status: 'True',
  reason: 'ConfigurationChanged',
  message:
    'By AllowInsecureFallback clients are let in without a valid certificate. Use AllowValidOnly when the backends do not check it',
};

function toAccepted(
  of: ParentFacts['of'],
  refusal: Refusal | undefined,
  listeners: readonly ResolvedListener[],
): Condition {
  if (refusal !== undefined) return toCondition('Accepted', refusal, unused);
  const refused = listeners.filter(
    ({ refusals }) => refusals.accepted !== undefined || refusals.conflicted !== undefined,
  );
  return toListenersAccepted(
    of,
    refused.map(({ listener }) => listener.name),
    hasServed(listeners),
  );
}

function refuseRefs(listeners: readonly ResolvedListener[]): Refusal | undefined {
  const unresolved = listeners.filter(({ refusals }) => refusals.resolvedRefs !== undefined);
  if (unresolved.length === 0) return undefined;
  return {
    reason: 'ListenersNotResolved',
    message: `not all that the listeners ${listSome(unresolved.map(({ listener }) => listener.name))} name can be used`,
    hint: 'See the conditions of each.',
  };
}
