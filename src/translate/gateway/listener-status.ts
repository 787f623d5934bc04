import type { Condition, ListenerStatus } from '../../routes/status.ts';
import { toCondition } from './conditions.ts';
import type { ResolvedListener } from './resolved.ts';

/** What the status of its object is to say of a listener; how many routes are attached, and what the ledger decides, are added later. */
export function toListenerStatus({
  listener,
  supportedKinds,
  refusals,
  nesting,
  bindings,
  host,
}: ResolvedListener): ListenerStatus {
  const { accepted, conflicted, resolvedRefs, programmed } = refusals;
  const conditions: Condition[] = [
    toCondition('Accepted', conflicted ?? accepted, {
      reason: 'Accepted',
      message: 'The listener can be served',
    }),
    conflicted === undefined
      ? {
          type: 'Conflicted',
          status: 'False',
          reason: 'NoConflicts',
          message: 'No other listener is in its way',
        }
      : { ...toCondition('Conflicted', conflicted, noConflict), status: 'True' },
    toCondition('ResolvedRefs', resolvedRefs, {
      reason: 'ResolvedRefs',
      message: 'All that the listener names is there',
    }),
    toCondition('Programmed', programmed, {
      reason: 'Programmed',
      message: isLimited({ bindings, host })
        ? 'what is attached to the listener by exact hostnames is served; the rest answers 503, since Traefik requires client certificates only for exact hostnames'
        : 'Traefik has what is attached to the listener',
    }),
  ];
  if (isOverlapping({ listener, nesting })) conditions.push(overlapping);
  return { name: listener.name, supportedKinds, conditions };
}

/** Whether clients are to show certificates, and the host of the listener is none by which Traefik could ask for them. */
function isLimited({ bindings, host }: Pick<ResolvedListener, 'bindings' | 'host'>): boolean {
  const asks = bindings.some((binding) => binding.kind === 'http' && binding.tls?.options !== undefined);
  return asks && host.kind !== 'exact';
}

const noConflict = { reason: 'NoConflicts', message: '' };

/** Of two hosts with TLS of which one lies in the other: browsers may ask for the one over a connection that they have for the other. */
function isOverlapping({ listener, nesting }: Pick<ResolvedListener, 'listener' | 'nesting'>): boolean {
  const hasTls = listener.protocol === 'HTTPS' || listener.protocol === 'TLS';
  return hasTls && (nesting.isInside === true || nesting.narrower.length > 0);
}

const overlapping: Condition = {
  type: 'OverlappingTLSConfig',
  status: 'True',
  reason: 'OverlappingHostnames',
  message:
    'The hosts of another listener on this port overlap with these. Use a certificate for each that is not for the other, or clients may reuse connections between them',
};
