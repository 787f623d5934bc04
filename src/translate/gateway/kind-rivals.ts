import { bySeniority, type Aged } from '../../model/object-ref.ts';
import type { View } from '../../model/snapshot.ts';
import {
  admitsRoute,
  isMeant,
  toParent,
  type Attaching,
  type AttachedListener,
  type Attachment,
} from './attach.ts';
import { toObjectKey } from '../../model/object-ref.ts';
import type { Refusal } from './resolved.ts';
import type { RequestRoute } from './rules.ts';

interface Rivalling extends Attaching {
  readonly view: Attaching['view'] & Pick<View, 'routesAt'>;
}

/**
 * Where a route is attached, without listeners at which the other kind has one of its hostnames: of HTTPRoutes and GRPCRoutes only one
 * kind is accepted for a hostname at a listener, that of the eldest route. https://gateway-api.sigs.k8s.io/reference/spec/#grpcroute
 */
export function withoutOtherKind(
  context: Rivalling,
  route: RequestRoute,
  attachments: readonly Attachment[],
): readonly Attachment[] {
  const hostnames = route.hostnames.length > 0 ? route.hostnames : [''];
  return attachments.map((attachment) => {
    if (attachment.refusal !== undefined) return attachment;
    const listeners = attachment.listeners.filter(
      (each) => !hostnames.some((hostname) => isTaken(context, route, attachment, each, hostname)),
    );
    return listeners.length > 0
      ? { ...attachment, listeners }
      : { ...attachment, listeners, refusal: taken(route) };
  });
}

/** Whether an elder route of the other kind has a hostname at a listener; not where a still elder one of this kind has it. */
function isTaken(
  context: Rivalling,
  route: RequestRoute,
  attachment: Attachment,
  at: AttachedListener,
  hostname: string,
): boolean {
  const rival = findEldest(context, attachment, at, toOther(route), hostname);
  if (rival === undefined || bySeniority(route.meta, rival) < 0) return false;
  const own = findEldest(context, attachment, at, route.kind, hostname);
  return own === undefined || bySeniority(rival, own) < 0;
}

function toOther({ kind }: RequestRoute): RequestRoute['kind'] {
  return kind === 'HTTPRoute' ? 'GRPCRoute' : 'HTTPRoute';
}

function findEldest(
  context: Rivalling,
  { parent }: Attachment,
  { listener }: AttachedListener,
  kind: RequestRoute['kind'],
  hostname: string,
): Aged | undefined {
  const { ref } = parent.holder;
  const key = toObjectKey(ref);
  // They come with the eldest first.
  return context.view.routesAt(kind, ref, hostname).find(
    ({ meta, parentRefs }) =>
      parentRefs.some((each) => {
        const named = toParent(meta.ref, each);
        return named !== undefined && toObjectKey(named) === key && isMeant(each, listener);
      }) && admitsRoute(context, parent, listener, meta.ref),
  )?.meta;
}

function taken(route: RequestRoute): Refusal {
  return {
    reason: 'HostnameConflict',
    message: `an elder ${toOther(route)} has one of its hostnames at the listener, and a hostname is for one of the two kinds there`,
    hint: 'Use another hostname or another listener.',
  };
}
