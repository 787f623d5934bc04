import type { Service } from '../../model/objects.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import { emptyLedger, type LedgerState, type PortClaim } from '../../model/ports.ts';
import type { ExposeAnnotation, FleetSettings } from '../../settings/settings.ts';
import { toAllocatedKey, toPortOf } from '../allocated-key.ts';
import { addressesKey, readAddresses, type WrittenAddress } from '../written-addresses.ts';
import { byClaimOrder } from '../allocation/pass.ts';
import { findPool, isInPool } from '../allocation/pool.ts';
import { indexByPort, type EntriesByPort } from '../allocation/entries-by-port.ts';

export interface RebuildInput {
  /** What the Services of now ask for. Who does not ask any more gets nothing back. */
  readonly claims: readonly PortClaim[];
  readonly services: readonly Service[];
  readonly fleets: readonly Pick<FleetSettings, 'name' | 'ports' | 'addresses'>[];
  readonly expose: readonly Pick<ExposeAnnotation, 'allocated'>[];
  /** Since when the ports count as held, RFC 3339 in UTC: the ledger that knew it is lost. */
  readonly since: string;
}

/**
 * A ledger made of what was written back on the Services, for when the ledger itself is lost. Of two Services that claim one
 * port the older keeps it; the other one, and whoever names a port outside its pool, is left without, to be given a new one.
 * The annotation of a port tells that of the first fleet that serves the Service; the others are found by their addresses.
 */
export function rebuildLedger(input: RebuildInput): LedgerState {
  const entries = indexByPort(emptyLedger);
  const services = new Map(
    input.services.map((service) => [toObjectKey(service.meta.ref), toWrittenBack(service)]),
  );
  const firstFleets = toFirstFleets(input);
  for (const claim of input.claims.toSorted(byClaimOrder)) {
    const holder = toObjectKey(claim.holder);
    const service = services.get(holder);
    if (service === undefined) continue;
    for (const protocol of claim.protocols) {
      const port = findPort(input, claim, service, protocol, firstFleets.get(holder) === claim.fleet);
      if (port !== undefined) restore(entries, input, claim, protocol, port);
    }
  }
  return entries.toState();
}

/** A Service with its `fairlead.dev/addresses` taken apart: once, and not for each of its ports. */
interface WrittenBack {
  readonly service: Service;
  readonly addresses: readonly WrittenAddress[];
}

function toWrittenBack(service: Service): WrittenBack {
  return { service, addresses: readAddresses(service.meta.annotations[addressesKey] ?? '') };
}

/** The fleet that the allocated annotations of a Service are about: of those that serve it the first in the settings. */
function toFirstFleets({ claims, fleets }: RebuildInput): ReadonlyMap<ObjectKey, string> {
  const first = new Map<ObjectKey, string>();
  for (const { name } of fleets) {
    for (const { fleet, holder } of claims) {
      const key = toObjectKey(holder);
      if (fleet === name && !first.has(key)) first.set(key, name);
    }
  }
  return first;
}

function findPort(
  { expose, fleets }: RebuildInput,
  { fleet, servicePort }: PortClaim,
  { service: { meta, ports }, addresses }: WrittenBack,
  protocol: PoolProtocol,
  isFirstFleet: boolean,
): Port | undefined {
  if (isFirstFleet) {
    const keys = expose.map(({ allocated }) => toAllocatedKey(allocated, protocol, servicePort));
    const written = keys.map((key) => toPortOf(meta.annotations[key])).find((port) => port !== undefined);
    if (written !== undefined) return written;
  }
  const own = fleets.find(({ name }) => name === fleet)?.addresses ?? [];
  const port = ports.find(
    (each) => each.port === servicePort && each.protocol.toLowerCase() === protocol.toLowerCase(),
  );
  const name = port?.name || String(servicePort);
  return addresses.find((each) => each.name === name && own.includes(each.host))?.port;
}

function restore(
  entries: EntriesByPort,
  { fleets, since }: RebuildInput,
  { fleet, pool, holder, part, servicePort }: PortClaim,
  protocol: PoolProtocol,
  port: Port,
): void {
  const pools = findPool(fleets.find(({ name }) => name === fleet)?.ports, pool);
  if (!isInPool(pools, protocol, port) || entries.get(fleet, protocol, port) !== undefined) return;
  const identity = { fleet, pool, holder, ...(part && { part }), servicePort };
  entries.set(protocol, { ...identity, port, protocols: [protocol], state: 'held', since });
}
