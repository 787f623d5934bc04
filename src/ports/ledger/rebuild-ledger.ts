import type { Service } from '../../model/objects.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import { toHolder, toHolderKey, type LedgerState, type PortClaim } from '../../model/ports.ts';
import type { ExposeAnnotation, FleetSettings } from '../../settings/settings.ts';
import { toAllocatedKey, toPortOf } from '../allocated-key.ts';
import { addressesKey, readAddresses, type WrittenAddress } from '../written-addresses.ts';
import { byClaimOrder } from '../allocation/pass.ts';
import { isInPool } from '../allocation/pool.ts';
import { createSlots, type Slots } from '../allocation/entries-by-port.ts';

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
  const slots = createSlots({ entries: [] });
  const services = new Map(
    input.services.map((service) => [toHolderKey(toHolder(service.meta.ref)), toWrittenBack(service)]),
  );
  const homes = toHomeFleets(input);
  for (const claim of input.claims.toSorted(byClaimOrder)) {
    const holder = toHolderKey(claim.holder);
    const service = services.get(holder);
    if (service === undefined) continue;
    for (const protocol of claim.protocols) {
      const port = findPort(input, claim, service, protocol, homes.get(holder) === claim.fleet);
      if (port !== undefined) restore(slots, input, claim, protocol, port);
    }
  }
  return slots.toState();
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
function toHomeFleets({ claims, fleets }: RebuildInput): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const { name } of fleets) {
    for (const { fleet, holder } of claims) {
      const key = toHolderKey(holder);
      if (fleet === name && !homes.has(key)) homes.set(key, name);
    }
  }
  return homes;
}

function findPort(
  { expose, fleets }: RebuildInput,
  { fleet, servicePort }: PortClaim,
  { service: { meta, ports }, addresses }: WrittenBack,
  protocol: PoolProtocol,
  isHome: boolean,
): Port | undefined {
  if (isHome) {
    const keys = expose.map(({ allocated }) => toAllocatedKey(allocated, protocol, servicePort));
    const told = keys.map((key) => toPortOf(meta.annotations[key])).find((port) => port !== undefined);
    if (told !== undefined) return told;
  }
  const own = fleets.find(({ name }) => name === fleet)?.addresses ?? [];
  const port = ports.find(
    (each) => each.port === servicePort && each.protocol.toLowerCase() === protocol.toLowerCase(),
  );
  const name = port?.name || String(servicePort);
  return addresses.find((each) => each.name === name && own.includes(each.host))?.port;
}

function restore(
  slots: Slots,
  { fleets, since }: RebuildInput,
  { fleet, holder, servicePort }: PortClaim,
  protocol: PoolProtocol,
  port: Port,
): void {
  const pools = fleets.find(({ name }) => name === fleet)?.ports;
  if (!isInPool(pools, protocol, port) || slots.get(fleet, protocol, port) !== undefined) return;
  slots.set(protocol, { fleet, port, protocols: [protocol], holder, servicePort, state: 'held', since });
}
