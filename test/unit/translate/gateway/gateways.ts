import type { Listener } from '../../../../src/model/gateway-specs.ts';
import type { HTTPRoute, Namespace } from '../../../../src/model/objects.ts';
import { toObjectKey, type ObjectRef } from '../../../../src/model/object-ref.ts';
import type { ParentRef } from '../../../../src/model/route-specs.ts';
import { anyHost } from '../../../../src/routes/match.ts';
import { toListenerKey } from '../../../../src/routes/status.ts';
import type { Attaching } from '../../../../src/translate/gateway/attach.ts';
import { gatewayGroup } from '../../../../src/translate/gateway/grants.ts';
import { alone, findNesting } from '../../../../src/translate/gateway/nesting.ts';
import type { ResolvedListener, ResolvedParent } from '../../../../src/translate/gateway/resolved.ts';
import { toRouteHost } from '../../../../src/translate/gateway/route-hosts.ts';

/** A Gateway, or a ListenerSet of one, with the listeners that it is given. */
export function toParent(
  kind: 'Gateway' | 'ListenerSet',
  name: string,
  listeners: readonly Partial<Listener>[],
  more: Partial<ResolvedParent> = {},
): ResolvedParent {
  const ref: ObjectRef = { source: 'test', kind, namespace: 'infra', name };
  const resolved = listeners.map((listener) => toListener(ref, listener));
  const nesting = findNesting(resolved);
  return {
    holder: { ref },
    gateway: ref,
    fleets: ['default'],
    listeners: resolved.map((each) => ({ ...each, nesting: nesting.get(each) ?? alone })),
    ...more,
  };
}

function toListener(ref: ObjectRef, part: Partial<Listener>): ResolvedListener {
  const listener: Listener = {
    name: 'http',
    port: 80,
    protocol: 'HTTP',
    allowedRoutes: { namespaces: { from: 'All' }, kinds: [] },
    field: 'spec.listeners[0]',
    ...part,
  };
  return {
    key: toListenerKey(toObjectKey(ref), listener.name),
    listener,
    host: listener.hostname === undefined ? anyHost : toRouteHost(listener.hostname),
    bindings: [
      { fleet: 'default', kind: 'http', place: { entryPoint: 'web', isTls: false, shared: 'http' } },
    ],
    supportedKinds: ['HTTPRoute', 'GRPCRoute'].map((kind) => ({ group: gatewayGroup, kind })),
    certificates: [],
    nesting: alone,
    refusals: {},
  };
}

/** What is looked up while routes are attached to some parents. */
export function toAttaching(
  parents: readonly ResolvedParent[],
  labels: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Attaching {
  const find = (ref: ObjectRef): ResolvedParent | undefined =>
    parents.find(({ holder }) => toObjectKey(holder.ref) === toObjectKey(ref));
  return {
    parent: find,
    view: {
      namespace: (source, name): Namespace | undefined =>
        labels[name] && {
          kind: 'Namespace',
          meta: { ref: { source, kind: 'Namespace', namespace: '', name }, annotations: {} },
          labels: labels[name],
        },
    },
  };
}

/** An HTTPRoute that is attached to a Gateway `gw` of namespace infra. */
export function toRoute(
  hostnames: readonly string[],
  parentRefs: readonly Partial<ParentRef>[] = [{}],
): HTTPRoute {
  return {
    kind: 'HTTPRoute',
    meta: { ref: { source: 'test', kind: 'HTTPRoute', namespace: 'shop', name: 'web' }, annotations: {} },
    generation: 1,
    status: {},
    hostnames,
    rules: [],
    parentRefs: parentRefs.map((ref, index) => ({
      group: gatewayGroup,
      kind: 'Gateway',
      namespace: 'infra',
      name: 'gw',
      field: `spec.parentRefs[${index}]`,
      ...ref,
    })),
  };
}
