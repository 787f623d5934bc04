import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import type { Service } from '../../model/objects.ts';
import type { PoolProtocol, Port } from '../../model/port.ts';
import { emptyLedger, isGatewayHolder, type LedgerState, type PortClaim } from '../../model/ports.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import type { ExposeAnnotation, FleetSettings } from '../../settings/settings.ts';
import {
  routePortName,
  toAllocatedKey,
  toListenerKey,
  toPartName,
  toPortOf,
} from '../../model/allocated-key.ts';
import { addressesKey, readAddresses, type WrittenAddress } from '../written-addresses.ts';
import { byClaimOrder } from '../allocation/pass.ts';
import { findPoolOf, isHandedOut, isInPool, isRequestable } from '../allocation/pool.ts';
import { indexByPort, type EntriesByPort } from '../allocation/entries-by-port.ts';
import { toClaimKey, toTenantKey, type ClaimKey, type TenantKey } from '../claim.ts';
import { toAsker } from '../shared-ports.ts';

export interface RebuildInput {
  /** What the objects of now ask for. Who does not ask any more gets nothing back. */
  readonly claims: readonly PortClaim[];
  /** Those that may have claims, Services with their ports. */
  readonly objects: readonly Asking[];
  readonly fleets: readonly Pick<FleetSettings, 'name' | 'pools' | 'addresses'>[];
  readonly expose: readonly Pick<ExposeAnnotation, 'allocated'>[];
  /** The sources that are folders: what stands in a file was not written by Fairlead. */
  readonly folders: ReadonlySet<string>;
  /** Since when the ports count as held, RFC 3339 in UTC: the ledger that knew it is lost. */
  readonly since: string;
}

/** A Service, or an object of the Gateway API with pool ports. */
type Asking = Pick<Service, 'meta'> & Partial<Pick<Service, 'ports'>>;

/** A claim with the port that was written on its object, on one protocol. */
interface Written {
  readonly claim: PortClaim;
  readonly pool: PortPool;
  readonly protocol: PoolProtocol;
  readonly port: Port;
}

interface Rebuild {
  readonly entries: EntriesByPort;
  /** The numbers that each namespace has got. */
  readonly given: Map<TenantKey, Set<Port>>;
  readonly since: string;
}

/**
 * A ledger made of what Fairlead has written on the objects that ask, for when the ledger itself is lost. What others wrote there counts
 * for nothing, and nobody gets more than the pool, its band of requestable ports and the quota allow. Of two that claim
 * one port the older keeps it; who goes without is given a new one. Who asks for another number than was written gets that one
 * from the allocation, unless it is taken.
 * The annotation of a port tells that of the first fleet that serves the Service; the others are found by their addresses.
 */
export function rebuildLedger(input: RebuildInput): LedgerState {
  const rebuild: Rebuild = { entries: indexByPort(emptyLedger), given: new Map(), since: input.since };
  const written = listWritten(input);
  for (const each of written) if (isAsAsked(each)) restore(rebuild, each);
  for (const each of written) {
    if (!isAsAsked(each) && !mayHaveRequested(rebuild, each)) restore(rebuild, each);
  }
  return rebuild.entries.toState();
}

function isAsAsked({ claim, port }: Written): boolean {
  return claim.requested === undefined || claim.requested === port;
}

function listWritten(input: RebuildInput): readonly Written[] {
  const objects = new Map(
    input.objects.map((object) => [toObjectKey(object.meta.ref), toWrittenBack(object)]),
  );
  const firstFleets = toFirstFleets(input);
  const own = new Set(input.claims.flatMap((claim) => (claim.sharer === undefined ? [toTold(claim)] : [])));
  const known = new Set<ClaimKey>();
  return input.claims.toSorted(byClaimOrder).flatMap((claim) => {
    // What is written of a port that a Service shares tells nothing where it has one of its own besides.
    if (claim.sharer !== undefined && (known.has(toClaimKey(claim)) || own.has(toTold(claim)))) return [];
    const asker = toObjectKey(toAsker(claim));
    const object = objects.get(asker);
    if (object === undefined || input.folders.has(claim.holder.source)) return [];
    const fleet = input.fleets.find(({ name }) => name === claim.fleet);
    return claim.protocols.flatMap((protocol): readonly Written[] => {
      const port = findPort(input, claim, object, protocol, firstFleets.get(asker) === claim.fleet);
      const pool = port === undefined ? undefined : findPoolOf(fleet, protocol, port);
      // Also when it asks for another pool by now: that one may have had no room.
      if (port === undefined || pool === undefined || !claim.pools.includes(pool.name)) return [];
      known.add(toClaimKey(claim));
      return [{ claim, pool, protocol, port }];
    });
  });
}

/** The Service port whose annotations tell the port of a claim. */
function toTold(claim: PortClaim): string {
  return `${toObjectKey(toAsker(claim))}|${claim.sharer?.servicePorts[0] ?? claim.servicePort}|${claim.fleet}`;
}

/** An object with its `fairlead.dev/addresses` taken apart: once, and not for each of its ports. */
interface WrittenBack {
  readonly object: Asking;
  readonly addresses: readonly WrittenAddress[];
}

function toWrittenBack(object: Asking): WrittenBack {
  return { object, addresses: readAddresses(readOwn(object, addressesKey) ?? '') };
}

/** What stands under a key, when Fairlead itself has written it. */
function readOwn({ meta }: Asking, key: string): string | undefined {
  return meta.written?.includes(key) === true ? meta.annotations[key] : undefined;
}

/** The fleet that the allocated annotations of a Service are about: of those that serve it the first in the settings. */
function toFirstFleets({ claims, fleets }: RebuildInput): ReadonlyMap<ObjectKey, string> {
  const first = new Map<ObjectKey, string>();
  for (const { name } of fleets) {
    for (const claim of claims) {
      const key = toObjectKey(toAsker(claim));
      if (claim.fleet === name && !first.has(key)) first.set(key, name);
    }
  }
  return first;
}

function findPort(
  input: RebuildInput,
  claim: PortClaim,
  { object, addresses }: WrittenBack,
  protocol: PoolProtocol,
  isFirstFleet: boolean,
): Port | undefined {
  const { keys, name } = toPlaces(input, claim, object, protocol);
  if (isFirstFleet) {
    const written = keys.map((key) => toPortOf(readOwn(object, key))).find((port) => port !== undefined);
    if (written !== undefined) return written;
  }
  const own = input.fleets.find((fleet) => fleet.name === claim.fleet)?.addresses ?? [];
  return addresses.find((each) => each.name === name && own.includes(each.host))?.port;
}

/** Where the port of a claim is told: by annotations of its own, and under a name among the addresses. */
function toPlaces(
  { expose }: RebuildInput,
  { holder, part, servicePort: claimed, sharer }: PortClaim,
  { ports = [] }: Asking,
  protocol: PoolProtocol,
): { readonly keys: readonly string[]; readonly name: string } {
  if (isGatewayHolder(holder)) {
    const name = part?.name ?? routePortName;
    return { keys: [toListenerKey(protocol, name)], name };
  }
  // Of a port that it shares the first Service port tells.
  const servicePort = sharer?.servicePorts[0] ?? claimed;
  const port = ports.find(
    (each) => each.port === servicePort && each.protocol.toLowerCase() === protocol.toLowerCase(),
  );
  return {
    keys: expose.map(({ allocated }) => toAllocatedKey(allocated, protocol, servicePort, part)),
    name: toPartName(port?.name || String(servicePort), part),
  };
}

/** Whether the allocation can give the claim the number that it asks for. */
function mayHaveRequested({ entries }: Rebuild, { claim, pool }: Written): boolean {
  const { requested } = claim;
  return (
    requested !== undefined &&
    isRequestable(pool, requested) &&
    claim.protocols.every(
      (protocol) =>
        isInPool(pool, protocol, requested) && entries.get(claim.fleet, protocol, requested) === undefined,
    )
  );
}

function restore({ entries, given, since }: Rebuild, { claim, pool, protocol, port }: Written): void {
  const { fleet, holder, part, servicePort, requested } = claim;
  const isInBand = requested === port ? isRequestable(pool, port) : isHandedOut(pool, port);
  if (!isInBand || !isInPool(pool, protocol, port) || entries.get(fleet, protocol, port) !== undefined)
    return;
  const tenant = toTenantKey(claim, pool.name);
  const numbers = given.get(tenant) ?? new Set();
  if (!numbers.has(port) && numbers.size >= (pool.maxPerNamespace ?? Infinity)) return;
  given.set(tenant, numbers.add(port));
  const identity = { fleet, pool: pool.name, holder, ...(part && { part }), servicePort };
  entries.set(protocol, { ...identity, port, protocols: [protocol], state: 'held', since });
}
