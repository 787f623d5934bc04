import { isAnswerKey, routePortName, toListenerKey } from '../../model/allocated-key.ts';
import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import type {
  Gateway,
  ListenerSet,
  SourceObject,
  TCPRoute,
  TLSRoute,
  UDPRoute,
} from '../../model/objects.ts';
import type { HeldPort } from '../../model/ports.ts';
import { findPoolOfEntry } from '../../ports/allocation/pool.ts';
import { addressesKey } from '../../ports/written-addresses.ts';
import { toParentOf, type ListenerKey, type StatusFacts } from '../../routes/status.ts';
import type { AddressedFleet } from '../../pipeline/addressed-fleet.ts';
import { toAddresses, toDifference, type ServedPort } from './written-ports.ts';

/** An object of the Gateway API on which pool ports are told. */
export type PortTeller = Gateway | ListenerSet | TCPRoute | TLSRoute | UDPRoute;

const tellers: ReadonlySet<string> = new Set<PortTeller['kind']>([
  'Gateway',
  'ListenerSet',
  'TCPRoute',
  'TLSRoute',
  'UDPRoute',
]);

export function isPortTeller(object: SourceObject): object is PortTeller {
  return tellers.has(object.kind);
}

export interface GatewayPortPlanning {
  readonly fleets: readonly AddressedFleet[];
  /** What may be told of the ledger, by holder. */
  readonly held: ReadonlyMap<ObjectKey, readonly HeldPort[]>;
  /** Whether connections to a port reach what a route leads them to: not those of a younger one, and not at once. */
  readonly isLed: (route: ObjectKey, held: HeldPort) => boolean;
}

/**
 * What is to be changed of the annotations with pool ports: on a Gateway or ListenerSet those of its listeners, on a route those of the
 * listeners that have accepted it and that it serves, and its own. Under the name of a listener stands the port of its first fleet, and of several listeners
 * of one name that of the first.
 * @param facts What the status of the object is to say; of a route where it is attached.
 */
export function planGatewayPorts(
  planning: GatewayPortPlanning,
  object: PortTeller,
  facts: StatusFacts | undefined,
): Readonly<Record<string, string | null>> {
  const { annotations } = object.meta;
  const served = listPorts(planning, object, facts);
  const wanted = new Map<string, string>();
  for (const { held, protocol, name } of served) {
    const key = toListenerKey(protocol, name);
    // The API server takes no longer ones.
    if (name.length <= 63 && !wanted.has(key)) wanted.set(key, String(held.port));
  }
  const addresses = toAddresses(served, annotations[addressesKey] ?? '');
  if (addresses !== '') wanted.set(addressesKey, addresses);
  return toDifference(isAnswerKey, annotations, wanted);
}

function listPorts(
  planning: GatewayPortPlanning,
  object: PortTeller,
  facts: StatusFacts | undefined,
): readonly ServedPort[] {
  const own = toObjectKey(object.meta.ref);
  if ('listeners' in object) return object.listeners.flatMap(({ name }) => listServed(planning, own, name));
  const parents = facts?.of === 'Route' ? facts.parents : [];
  const listeners = new Set(parents.flatMap(({ attached }) => attached));
  return [
    ...listServed(planning, own, undefined),
    ...[...listeners]
      .flatMap((key) => listServed(planning, toParentOf(key), toNameOf(key)))
      .filter(({ held }) => planning.isLed(own, held)),
  ];
}

/** The name of a listener in its key. */
function toNameOf(listener: ListenerKey): string {
  return listener.slice(toParentOf(listener).length + 1);
}

/** The ports that are held for a listener of an object, or for the object itself, in the order of the fleets. */
function listServed(
  { fleets, held }: GatewayPortPlanning,
  holder: ObjectKey,
  listener: string | undefined,
): readonly ServedPort[] {
  const entries = (held.get(holder) ?? []).filter(({ part }) =>
    listener === undefined ? part === undefined : part?.kind === 'listener' && part.name === listener,
  );
  return fleets.flatMap((fleet) =>
    entries
      .filter((entry) => entry.fleet === fleet.name)
      .flatMap((entry) =>
        entry.protocols.flatMap((protocol): ServedPort | [] =>
          // A port that no pool has any more is held but not served.
          findPoolOfEntry(fleet, protocol, entry) === undefined
            ? []
            : { held: entry, fleet, protocol, name: listener ?? routePortName },
        ),
      ),
  );
}
