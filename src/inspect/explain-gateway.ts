import { toObjectKey, toObjectPath, type ObjectRef } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import type { ConditionRow, GatewayRow, ListenerRow } from '../model/gateway-row.ts';
import type { PortRow } from '../model/published.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { toHostText } from '../routes/match.ts';
import { toListenerKey, type Condition, type ListenerKey, type ParentStatus } from '../routes/status.ts';
import type { Binding, ResolvedListener } from '../translate/gateway/resolved.ts';

/** So many listeners, which is all that one object may have in a cluster. */
const mostListeners = 64;
/** So many routes of a listener are named; all are counted. */
const mostRoutes = 20;

/** What an object of the Gateway API comes to, as its status says it; undefined for other objects, and for those that are not ours. */
export function explainGateway(
  pipeline: Pipeline,
  object: SourceObject,
  ports: readonly PortRow[],
): GatewayRow | undefined {
  const { ref } = object.meta;
  const facts = pipeline.statusOf(toObjectKey(ref));
  switch (facts?.of) {
    case undefined:
      return undefined;
    case 'GatewayClass':
      return { fleets: pipeline.fleetsOf(toObjectKey(ref)), conditions: facts.conditions.map(toRow) };
    case 'Gateway':
    case 'ListenerSet': {
      const listeners = pipeline.gateways.find(ref)?.listeners ?? [];
      const routes = listRoutes(pipeline, ref);
      return {
        fleets: facts.fleets,
        conditions: facts.conditions.map(toRow),
        addresses: facts.addresses ?? listAddresses(pipeline, facts.fleets),
        listeners: facts.listeners
          .slice(0, mostListeners)
          .map(({ name, conditions }, index) =>
            toListener(listeners[index], { name, conditions, ports, routes, pipeline, ref }),
          ),
      };
    }
    case 'Route':
      return {
        fleets: pipeline.fleetsOf(toObjectKey(ref)),
        conditions: [],
        parents: facts.parents.map(toParent),
      };
    case 'Policy':
      return {
        fleets: [],
        conditions: [],
        parents: facts.ancestors.map(({ ancestorRef, conditions }) => ({
          parent: toRefText(ancestorRef),
          listeners: [],
          conditions: conditions.map(toRow),
        })),
      };
  }
}

interface ListenerFacts {
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly ports: readonly PortRow[];
  readonly routes: ReadonlyMap<ListenerKey, readonly string[]>;
  readonly pipeline: Pipeline;
  readonly ref: ObjectRef;
}

function toListener(
  resolved: ResolvedListener | undefined,
  { name, conditions, ports, routes, pipeline, ref }: ListenerFacts,
): ListenerRow {
  const key = toListenerKey(toObjectKey(ref), name);
  const own = ports.filter((row) => row.listener === name);
  return {
    name,
    protocol: resolved?.listener.protocol ?? '',
    port: resolved?.listener.port ?? 0,
    hostname: resolved === undefined ? '' : toHostText(resolved.host),
    places: [...new Set((resolved?.bindings ?? []).map((binding) => toPlace(binding, own)))],
    attachedRoutes: pipeline.attachedRoutes(key),
    routes: routes.get(key) ?? [],
    conditions: conditions.map(toRow),
  };
}

function toPlace(binding: Binding, ports: readonly PortRow[]): string {
  const fleet = `of fleet ${binding.fleet}`;
  switch (binding.kind) {
    case 'http':
      return `entryPoint ${binding.place.entryPoint} ${fleet}`;
    case 'sni':
      return `entryPoint ${binding.entryPoint} ${fleet}`;
    case 'port': {
      const held = ports.find((row) => row.fleet === binding.fleet && row.state === 'held');
      return held === undefined
        ? `no pool port yet ${fleet}`
        : `pool port ${held.port}/${binding.protocol} ${fleet}`;
    }
  }
}

/** The first routes of each listener of an object, by name. */
function listRoutes(pipeline: Pipeline, parent: ObjectRef): ReadonlyMap<ListenerKey, readonly string[]> {
  const found = new Map<ListenerKey, string[]>();
  const prefix = toListenerKey(toObjectKey(parent), '');
  for (const object of pipeline.store.values()) {
    if (!object.kind.endsWith('Route')) continue;
    const facts = pipeline.statusOf(toObjectKey(object.meta.ref));
    if (facts?.of !== 'Route') continue;
    for (const key of new Set(facts.parents.flatMap(({ attached }) => attached))) {
      if (!key.startsWith(prefix)) continue;
      const names = found.get(key) ?? [];
      if (names.length < mostRoutes) names.push(toObjectPath(object.meta.ref));
      found.set(key, names);
    }
  }
  return found;
}

function listAddresses({ settings }: Pipeline, fleets: readonly string[]): readonly string[] {
  const own = settings.fleets.filter(({ name }) => fleets.includes(name));
  return [...new Set(own.flatMap(({ addresses }) => addresses))];
}

function toParent({
  parentRef,
  attached,
  conditions,
}: ParentStatus): NonNullable<GatewayRow['parents']>[number] {
  const { sectionName, port } = parentRef;
  const section = sectionName === undefined ? '' : ` listener ${sectionName}`;
  return {
    parent: `${toRefText(parentRef)}${section}${port === undefined ? '' : ` port ${port}`}`,
    listeners: attached.slice(0, mostListeners).map(toName),
    conditions: conditions.map(toRow),
  };
}

function toName(listener: ListenerKey): string {
  return listener.slice(listener.lastIndexOf(' ') + 1);
}

function toRefText(ref: {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}): string {
  return toObjectPath({ namespace: '', ...ref });
}

function toRow({ type, status, reason, message }: Condition): ConditionRow {
  return { type, status, reason, message };
}
