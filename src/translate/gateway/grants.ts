import type { ReferenceGrant } from '../../model/objects.ts';
import type { Subject } from '../../model/problem.ts';
import type { View } from '../../model/snapshot.ts';

/** What an object refers to; the group of the core is the empty text. */
export interface Referent {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The group of all kinds of the Gateway API. */
export const gatewayGroup = 'gateway.networking.k8s.io';

/**
 * Whether an object may refer to another one of its source: one of its own namespace, or one whose namespace has a ReferenceGrant for
 * it. A grant for Gateways is none for their ListenerSets, nor the reverse. https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
export function mayRefer(
  { view }: { readonly view: Pick<View, 'grantsIn'> },
  from: Subject,
  to: Referent,
): boolean {
  if (from.namespace === to.namespace) return true;
  const granted = toGranted(view.grantsIn(from.source, to.namespace), from);
  return granted.has(toKey(to)) || granted.has(toKey({ group: to.group, kind: to.kind }));
}

/** By the list of a namespace and by who refers: a thousand grants are looked through once, and not for each of a thousand references. */
const known = new WeakMap<readonly ReferenceGrant[], Map<string, ReadonlySet<string>>>();

/** What the grants of a namespace let an object refer to. */
function toGranted(grants: readonly ReferenceGrant[], from: Subject): ReadonlySet<string> {
  const byReferrer = known.get(grants) ?? new Map<string, ReadonlySet<string>>();
  known.set(grants, byReferrer);
  const referrer = JSON.stringify([from.kind, from.namespace]);
  const granted =
    byReferrer.get(referrer) ??
    new Set(grants.filter((grant) => isFor(grant, from)).flatMap((grant) => grant.to.map(toKey)));
  byReferrer.set(referrer, granted);
  return granted;
}

function isFor(grant: ReferenceGrant, from: Subject): boolean {
  // Besides Services, which moves go out from, only objects of the Gateway API refer to others across namespaces.
  const fromGroup = from.kind === 'Service' ? '' : gatewayGroup;
  return grant.from.some(
    ({ group, kind, namespace }) => group === fromGroup && kind === from.kind && namespace === from.namespace,
  );
}

/** Without a name: all objects of the kind. */
function toKey({ group, kind, name }: ReferenceGrant['to'][number]): string {
  return JSON.stringify([group, kind, name ?? null]);
}
