import { isDeepStrictEqual } from 'node:util';
import { toObjectKey } from '../../model/object-ref.ts';
import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  GatewayObject,
  GatewayRoute,
  ListenerSet,
  SourceObject,
} from '../../model/objects.ts';
import type { AddressedFleet } from '../../pipeline/addressed-fleet.ts';
import { toListenerKey, type ListenerKey, type StatusFacts } from '../../routes/status.ts';
import type { GatewayStatusWrite } from '../write.ts';
import { toGatewayAddresses } from './gateway-addresses.ts';
import type { ClosedHosts } from './closed-hosts.ts';
import { withAccepted } from './gateway-accepted.ts';
import { toConditions, toObjects } from './gateway-conditions.ts';
import { toManifestRef, toSharedEntries } from './gateway-entries.ts';
import { withProgrammed } from './gateway-programmed.ts';
import type { PortConditions } from './port-conditions.ts';
import { listFeatures } from './supported-features.ts';

const gatewayKinds: ReadonlySet<string> = new Set<GatewayObject['kind']>([
  'BackendTLSPolicy',
  'GRPCRoute',
  'Gateway',
  'GatewayClass',
  'HTTPRoute',
  'ListenerSet',
  'TCPRoute',
  'TLSRoute',
  'UDPRoute',
]);

export function isGatewayObject(object: SourceObject): object is GatewayObject {
  return gatewayKinds.has(object.kind);
}

export interface GatewayPlanning {
  /** As entries of shared lists name it, such as `fairlead.dev/gateway-controller`. */
  readonly controller: string;
  readonly fleets: readonly AddressedFleet[];
  /** How many routes a listener has accepted. */
  readonly attachedRoutes: (listener: ListenerKey) => number;
  /** Fills in what became of the pool ports that listeners and routes ask for. */
  readonly ports: Pick<PortConditions, 'ofListener' | 'ofParent'>;
  /** Says of routes which of their hosts are closed. */
  readonly closed: Pick<ClosedHosts, 'ofParent'>;
}

type Parts = Readonly<Record<string, unknown>>;
type ParentFacts = Extract<StatusFacts, { readonly of: 'Gateway' | 'ListenerSet' }>;

/**
 * What is to be changed of the status of an object, undefined when nothing is. Of one that is not ours only entries that Fairlead has once
 * written into shared lists are removed.
 * @param facts Undefined when the object is not ours.
 */
export function planGatewayStatus(
  planning: GatewayPlanning,
  object: GatewayObject,
  facts: StatusFacts | undefined,
): GatewayStatusWrite | undefined {
  const status = object.statusTooLarge === true ? undefined : toDifference(planning, object, facts);
  if (status === undefined) return undefined;
  const { meta, version } = object;
  return {
    kind: 'gateway-status',
    ref: meta.ref,
    ...(meta.uid !== undefined && { uid: meta.uid }),
    ...(version !== undefined && { base: version }),
    status,
  };
}

function toDifference(
  planning: GatewayPlanning,
  object: GatewayObject,
  facts: StatusFacts | undefined,
): Parts | undefined {
  switch (object.kind) {
    case 'GatewayClass':
      return facts?.of === 'GatewayClass' ? toClassParts(planning, object, facts.conditions) : undefined;
    case 'Gateway':
    case 'ListenerSet':
      return facts?.of === object.kind ? toParentParts(planning, object, facts) : undefined;
    case 'BackendTLSPolicy':
      return toPolicyParts(planning, object, facts);
    case 'GRPCRoute':
    case 'HTTPRoute':
    case 'TCPRoute':
    case 'TLSRoute':
    case 'UDPRoute':
      return toRouteParts(planning, object, facts);
  }
}

function toClassParts(
  { fleets }: GatewayPlanning,
  { meta, status, generation }: GatewayClass,
  wanted: Extract<StatusFacts, { readonly of: 'GatewayClass' }>['conditions'],
): Parts | undefined {
  const conditions = toConditions(wanted, status['conditions'], generation);
  const isAccepted = wanted.some(({ type, status: holds }) => type === 'Accepted' && holds === 'True');
  const serving = fleets.filter(({ gatewayClasses }) => gatewayClasses.includes(meta.ref.name));
  const supportedFeatures = isAccepted ? listFeatures(serving).map((name) => ({ name })) : [];
  const changed = keepChanged(status, { conditions });
  // CRDs from before version 1.4 may know no features, and then none will ever stand there.
  const isStated = status['supportedFeatures'] !== undefined;
  if (changed === undefined) return isStated ? keepChanged(status, { supportedFeatures }) : undefined;
  return { ...changed, ...keepChanged(status, { supportedFeatures }) };
}

function toParentParts(
  planning: GatewayPlanning,
  object: Gateway | ListenerSet,
  facts: ParentFacts,
): Parts | undefined {
  const { status, generation, meta } = object;
  const key = toObjectKey(meta.ref);
  const present = new Map(toObjects(status['listeners']).map((each) => [each['name'], each]));
  const answered = facts.listeners.map((listener) => planning.ports.ofListener(meta.ref, listener));
  const listeners = answered.map(({ name, supportedKinds, conditions }) => ({
    name,
    supportedKinds,
    attachedRoutes: planning.attachedRoutes(toListenerKey(key, name)),
    conditions: toConditions(conditions, present.get(name)?.['conditions'], generation),
  }));
  const fleets = planning.fleets.filter(({ name }) => facts.fleets.includes(name));
  const addresses =
    object.kind === 'Gateway' ? toGatewayAddresses(fleets, facts.addresses, status['addresses']) : undefined;
  const programmed = withProgrammed(facts.conditions, answered, addresses);
  const wanted = withAccepted(object.kind, programmed, facts.listeners, answered);
  return keepChanged(status, {
    conditions: toConditions(wanted, status['conditions'], generation),
    listeners,
    ...(addresses !== undefined && { addresses }),
    ...(object.kind === 'Gateway' && { attachedListenerSets: facts.listenerSets ?? 0 }),
  });
}

function toRouteParts(
  { controller, ports, closed }: GatewayPlanning,
  { meta, status, generation }: GatewayRoute,
  facts: StatusFacts | undefined,
): Parts | undefined {
  const wanted = (facts?.of === 'Route' ? facts.parents : []).map((parent) => ({
    ref: toManifestRef(parent.parentRef),
    conditions: closed.ofParent(meta.ref, ports.ofParent(meta.ref, parent)).conditions,
  }));
  const list = { refField: 'parentRef', controller, most: 32 } as const;
  const parents = toSharedEntries(list, wanted, status['parents'], generation);
  return parents && { parents };
}

function toPolicyParts(
  { controller }: GatewayPlanning,
  { status, generation }: BackendTLSPolicy,
  facts: StatusFacts | undefined,
): Parts | undefined {
  const wanted = (facts?.of === 'Policy' ? facts.ancestors : []).map(({ ancestorRef, conditions }) => ({
    ref: toManifestRef(ancestorRef),
    conditions,
  }));
  const list = { refField: 'ancestorRef', controller, most: 16 } as const;
  const ancestors = toSharedEntries(list, wanted, status['ancestors'], generation);
  return ancestors && { ancestors };
}

/** The parts that differ; undefined when none does. What is not there is the same as an empty list, and as none of something. */
function keepChanged(present: Parts, wanted: Parts): Parts | undefined {
  const changed = Object.entries(wanted).filter(
    ([name, value]) => !isDeepStrictEqual(present[name] ?? (value === 0 ? 0 : []), value),
  );
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}
