import type { ObjectRef } from '../../model/object-ref.ts';
import type { GatewayRoute } from '../../model/objects.ts';
import type { ParentRef } from '../../model/route-specs.ts';
import type { View } from '../../model/snapshot.ts';
import type { HostMatch } from '../../routes/match.ts';
import { admitsNamespace } from './allowed-namespaces.ts';
import { gatewayGroup } from './grants.ts';
import { intersectHosts, isAround } from './host-intersection.ts';
import { listHosts } from './route-hosts.ts';
import type { Refusal, ResolvedListener, ResolvedParent } from './resolved.ts';

/** What is looked up to find out where a route is attached. */
export interface Attaching {
  readonly parent: (ref: ObjectRef) => ResolvedParent | undefined;
  readonly view: Pick<View, 'namespace'>;
}

/** A listener that has accepted a route. */
export interface AttachedListener {
  readonly listener: ResolvedListener;
  /** What the route is asked for there, each once; none where more specific listeners have all of it. */
  readonly hosts: readonly HostMatch[];
}

/** What comes of one of the `parentRefs` of a route. */
export interface Attachment {
  readonly parentRef: ParentRef;
  readonly parent: ResolvedParent;
  /** None exactly when it is refused. */
  readonly listeners: readonly AttachedListener[];
  readonly refusal?: Refusal;
}

/** As many as the status of a route has room for. */
const mostParents = 32;

/**
 * Where a route is attached: one entry for each of its `parentRefs` that names a Gateway or ListenerSet of ours. A Gateway does not
 * stand for its ListenerSets. https://gateway-api.sigs.k8s.io/reference/spec/#parentreference
 */
export function attachRoute(context: Attaching, route: GatewayRoute): readonly Attachment[] {
  const hosts = 'hostnames' in route ? listHosts(route.hostnames) : undefined;
  const seen = new Set<string>();
  return route.parentRefs.slice(0, mostParents).flatMap((parentRef): Attachment | [] => {
    const ref = toParent(route.meta.ref, parentRef);
    const key = JSON.stringify([ref, parentRef.sectionName, parentRef.port]);
    if (ref === undefined || seen.has(key)) return [];
    seen.add(key);
    const parent = context.parent(ref);
    if (parent === undefined) return [];
    const result = attachTo(context, route, hosts, parentRef, parent);
    return 'reason' in result
      ? { parentRef, parent, listeners: [], refusal: result }
      : { parentRef, parent, listeners: result };
  });
}

/** The fleets of the Gateways that have accepted a route, each once. */
export function listFleets(attachments: readonly Attachment[]): readonly string[] {
  return [
    ...new Set(attachments.flatMap(({ parent, refusal }) => (refusal === undefined ? parent.fleets : []))),
  ];
}

/** The object that a parentRef of a route names; undefined for what no listener is on. */
export function toParent(
  { source, namespace }: ObjectRef,
  { group, kind, namespace: other = namespace, name }: ParentRef,
): (ObjectRef & { readonly kind: 'Gateway' | 'ListenerSet' }) | undefined {
  if (group !== gatewayGroup || (kind !== 'Gateway' && kind !== 'ListenerSet')) return undefined;
  return { source, kind, namespace: other, name };
}

/** Whether a parentRef is for a listener, as far as it says for which. */
export function isMeant({ sectionName, port }: ParentRef, { listener }: ResolvedListener): boolean {
  return (
    (sectionName === undefined || sectionName === listener.name) &&
    (port === undefined || port === listener.port)
  );
}

/** Whether a listener takes routes of a kind from a namespace. */
export function admitsRoute(
  context: Pick<Attaching, 'view'>,
  { holder }: ResolvedParent,
  { listener, supportedKinds }: ResolvedListener,
  { kind, namespace }: Pick<ObjectRef, 'kind' | 'namespace'>,
): boolean {
  return (
    supportedKinds.some((each) => each.group === gatewayGroup && each.kind === kind) &&
    admitsNamespace(context, listener.allowedRoutes.namespaces, holder.ref, namespace)
  );
}

function attachTo(
  context: Attaching,
  { meta: { ref } }: GatewayRoute,
  hosts: readonly HostMatch[] | undefined,
  parentRef: ParentRef,
  parent: ResolvedParent,
): Refusal | readonly AttachedListener[] {
  if (parent.refusal !== undefined) return refuseParent(parentRef);
  const meant = parent.listeners.filter((each) => isMeant(parentRef, each));
  if (meant.length === 0) return refuseSection(parentRef);
  const admitting = meant.filter((each) => admitsRoute(context, parent, each, ref));
  if (admitting.length === 0) return refuseByListeners(parentRef, ref);
  const attached = admitting.flatMap((listener): AttachedListener | [] => {
    const common = hosts === undefined ? [listener.host] : intersectHosts(hosts, listener.host);
    if (common.length === 0) return [];
    return { listener, hosts: withoutIsolated(listener, common) };
  });
  return attached.length > 0 ? attached : refuseHosts(parentRef);
}

/**
 * The hosts without those whose requests belong to a more specific listener of the same Gateway on the same port: what is attached to
 * the wider one does not answer them. For a host that the other one has in part only, its own routes, and where there are none its 404,
 * go first by themselves. https://gateway-api.sigs.k8s.io/geps/gep-3567/
 */
function withoutIsolated(
  { nesting: { narrower } }: ResolvedListener,
  hosts: readonly HostMatch[],
): readonly HostMatch[] {
  if (narrower.length === 0) return hosts;
  const texts = new Set(narrower);
  return hosts.filter((host) => !isAround(texts, host));
}

/** As the route writes it: what it names of other namespaces it may read again. */
function toText({ kind, namespace, name, sectionName, port }: ParentRef): string {
  const path = `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  const section = sectionName === undefined ? '' : `, listener ${sectionName}`;
  return `${path}${section}${port === undefined ? '' : `, port ${port}`}`;
}

function refuseParent(parentRef: ParentRef): Refusal {
  return {
    reason: 'NoMatchingParent',
    message: `${toText(parentRef)} is not accepted itself, so nothing can be attached to it`,
    hint: 'Look at the conditions in its status.',
  };
}

function refuseSection(parentRef: ParentRef): Refusal {
  return {
    reason: 'NoMatchingParent',
    message: `there is no such listener: ${toText(parentRef)}`,
    hint: 'Correct sectionName and port; listeners of a ListenerSet are reached by naming the ListenerSet.',
  };
}

function refuseByListeners(parentRef: ParentRef, { kind, namespace }: ObjectRef): Refusal {
  return {
    reason: 'NotAllowedByListeners',
    message: `${toText(parentRef)} takes no ${kind} from namespace ${namespace}`,
    hint: 'Set allowedRoutes of the listener (namespaces and kinds), or name another one.',
  };
}

function refuseHosts(parentRef: ParentRef): Refusal {
  return {
    reason: 'NoMatchingListenerHostname',
    message: `none of the hostnames of the route is one of ${toText(parentRef)}`,
    hint: 'Write hostnames that the listener has, or remove them, so that those of the listener count.',
  };
}
