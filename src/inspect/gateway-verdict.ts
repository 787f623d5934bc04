import { toCount } from '../lib/to-count.ts';
import type { ConditionRow, GatewayRow } from '../model/gateway-row.ts';
import type { Explanation } from '../model/published.ts';

type Found = Pick<Explanation, 'gateway' | 'routes'>;

/** What a Gateway or ListenerSet comes to, in one sentence. */
export function summarizeParent({ gateway }: Found): string {
  if (gateway === undefined)
    return 'Not served: its GatewayClass, or the Gateway that it belongs to, is not there or is not one of Fairlead.';
  const refused = refusedOf(gateway.conditions, 'Accepted');
  if (refused !== undefined) return `Not served: ${refused}`;
  const { listeners = [], fleets } = gateway;
  const served = listeners.filter(({ places }) => places.length > 0);
  const attached = listeners.reduce((sum, { attachedRoutes }) => sum + attachedRoutes, 0);
  const some = served.length === listeners.length ? '' : `, ${served.length} of them served`;
  const where = fleets.length === 0 ? 'no fleet' : fleets.join(', ');
  return `Served by ${where}, with ${toCount(listeners.length, 'listener')}${some}, and ${toCount(attached, 'attached route')}.`;
}

/** Why no router is made of a route. */
export function summarizeRoute({ gateway }: Found): string {
  const parents = gateway?.parents ?? [];
  if (parents.length === 0)
    return 'Not routed: none of its parentRefs names a Gateway or ListenerSet of Fairlead.';
  const refused = parents.flatMap(({ conditions }) => refusedOf(conditions, 'Accepted') ?? []);
  return refused.length === parents.length
    ? `Not routed: ${refused[0]}`
    : 'Attached, and nothing is routed by it: see the status of its listeners, and its problems.';
}

/** What a GatewayClass or a BackendTLSPolicy comes to. */
export function summarizeOther(kind: 'BackendTLSPolicy' | 'GatewayClass', { gateway }: Found): string {
  if (kind === 'BackendTLSPolicy')
    return (gateway?.parents ?? []).length === 0
      ? 'No route of Fairlead leads to its Services.'
      : 'It says how TLS is spoken to its Services, for routes of the Gateways below.';
  if (gateway === undefined) return 'Not one of Fairlead: its controllerName is another one.';
  const refused = refusedOf(gateway.conditions, 'Accepted');
  return refused === undefined
    ? `Its Gateways are served by ${gateway.fleets.join(', ')}.`
    : `Its Gateways are not served: ${refused}`;
}

function refusedOf(conditions: GatewayRow['conditions'], type: string): string | undefined {
  const found = conditions.find((each: ConditionRow) => each.type === type && each.status === 'False');
  return found?.message;
}
