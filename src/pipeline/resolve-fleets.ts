import { compareText } from '../model/object-ref.ts';
import type { EndpointGroup, Service } from '../model/objects.ts';
import type { View } from '../model/snapshot.ts';
import type { AddressSource, FleetSettings } from '../settings/settings.ts';
import type { AddressedFleet } from './addressed-fleet.ts';

/** What is known of a source of addresses. */
export interface KnownAddresses {
  readonly now: readonly string[];
  /** Those of now among them, as the last ones. */
  readonly former: readonly string[];
}

/** What became of a look-up. */
export type Found =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  /** The Service of this cluster source has none, or none that is ready. */
  | { readonly kind: 'none'; readonly cluster: string }
  /** No cluster source has the Service. */
  | { readonly kind: 'absent' }
  /** A cluster source that may have it is still being read. */
  | { readonly kind: 'unread' };

export interface Cluster {
  readonly name: string;
  readonly hasSynced: boolean;
}

/** `service:traefik/traefik`, as it is configured. */
export function toSourceText({ kind, namespace, name }: AddressSource): string {
  return `${kind}:${namespace}/${name}`;
}

/** The addresses that the Service of the first cluster that has it tells: sorted, unique, never an empty list. */
export function findAddresses(
  view: Pick<View, 'service' | 'slicesOf'>,
  clusters: readonly Cluster[],
  { kind, namespace, name }: AddressSource,
): Found {
  for (const cluster of clusters) {
    const service = view.service(cluster.name, namespace, name);
    if (service === undefined) continue;
    // A part of a list would pass for the whole.
    if (!cluster.hasSynced) return { kind: 'unread' };
    const all =
      kind === 'service' ? listPublished(service) : view.slicesOf(service.meta.ref).flatMap(listReady);
    const addresses = toSorted(all);
    return addresses.length > 0 ? { kind: 'addresses', addresses } : { kind: 'none', cluster: cluster.name };
  }
  return { kind: clusters.every(({ hasSynced }) => hasSynced) ? 'absent' : 'unread' };
}

/**
 * The fleets with the addresses that they have now, sorted and unique where some are looked up. A fleet with fixed
 * addresses only stays the very object that it is.
 */
export function resolveFleets(
  fleets: readonly FleetSettings[],
  knownOf: (source: AddressSource) => KnownAddresses | undefined,
): readonly AddressedFleet[] {
  return fleets.map((fleet) => {
    const { addresses: fixed, addressSources } = fleet;
    if (addressSources === undefined) return fleet;
    const known = addressSources.flatMap((source) => knownOf(source) ?? []);
    return {
      ...fleet,
      addresses: toSorted([...fixed, ...known.flatMap(({ now }) => now)]),
      lookedUp: {
        isComplete: known.length === addressSources.length,
        fixed,
        former: toSorted(known.flatMap(({ former }) => former)),
      },
    };
  });
}

/** What the load balancer was given, else the external IPs. */
function listPublished({ loadBalancer, externalIPs }: Service): readonly string[] {
  return loadBalancer?.flatMap(({ ip, hostname }) => ip ?? hostname ?? []) ?? externalIPs ?? [];
}

function listReady({ endpoints }: EndpointGroup): readonly string[] {
  return endpoints.flatMap(({ ready, terminating, addresses }) => (ready && !terminating ? addresses : []));
}

function toSorted(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)].sort(compareText);
}
