import type { BackendRef, ParentRef } from '../../model/route-specs.ts';
import type { GRPCRoute, HTTPRoute, Meta, TCPRoute, TLSRoute } from '../../model/objects.ts';
import { routesAt, routesTo } from '../index-keys.ts';
import type { IndexKey } from '../kind.ts';
import { toTarget } from './named-ref.ts';
import { gatewayGroup } from './words.ts';

/** By what an HTTPRoute or a GRPCRoute is looked up: the Services it goes to, and its hosts at its parents. */
export function listRequestRouteKeys(route: GRPCRoute | HTTPRoute): readonly IndexKey[] {
  const hosts = route.hostnames.length === 0 ? [''] : route.hostnames;
  const atParents = route.parentRefs.flatMap((ref) => {
    const kind = toParentKind(ref);
    if (kind === undefined) return [];
    const parent = toTarget(route.meta, kind, ref);
    return hosts.map((host) => routesAt(route.kind, parent, host));
  });
  return [...new Set([...listServiceKeys(route), ...atParents])];
}

/** The Services that a route goes to. */
export function listServiceKeys({
  meta,
  rules,
}: {
  readonly meta: Meta;
  readonly rules: (TCPRoute | TLSRoute)['rules'];
}): readonly IndexKey[] {
  const services = rules.flatMap(({ backendRefs }) => backendRefs).filter(isService);
  return [...new Set(services.map((ref) => routesTo(toTarget(meta, 'Service', ref))))];
}

function isService({ group, kind, name }: BackendRef): boolean {
  return group === '' && kind === 'Service' && name !== '';
}

function toParentKind({ group, kind }: ParentRef): 'Gateway' | 'ListenerSet' | undefined {
  if (group !== gatewayGroup) return undefined;
  return kind === 'Gateway' || kind === 'ListenerSet' ? kind : undefined;
}
