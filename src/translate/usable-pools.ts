import { quote } from '../annotations/parsers.ts';
import { matchesGlob } from '../lib/glob.ts';
import { importedPool } from '../model/imported-port.ts';
import type { Service } from '../model/objects.ts';
import { inRange, type PoolProtocol } from '../model/port.ts';
import type { HeldPort, PortClaim } from '../model/ports.ts';
import { annotationField, listSome, type Report } from '../model/problem.ts';
import type { PortPool } from '../settings/port-pool.ts';
import type { FleetSettings } from '../settings/settings.ts';

/** What asks for ports. Of objects of the Gateway API no labels are known. */
type Asker = Pick<Service, 'labelPairs' | 'meta'>;

/** The pools that an object may have ports of, in the order of the settings. */
export function listUsablePools(
  { pools }: Pick<FleetSettings, 'pools'>,
  { meta: { ref }, labelPairs = [] }: Asker,
): readonly PortPool[] {
  return pools.filter(
    (pool) =>
      (pool.namespaces.length === 0 || pool.namespaces.some((each) => matchesGlob(each, ref.namespace))) &&
      Object.entries(pool.labels).every(([key, value]) => labelPairs.includes(`${key}=${value}`)),
  );
}

/**
 * What a claim says of pools: those that have ports for more of its protocols come first, then those that say who they are for,
 * then those for all.
 */
export function toPoolChoice(
  usable: readonly PortPool[],
  protocols: readonly PoolProtocol[],
  asked: string | undefined,
): Pick<PortClaim, 'pool' | 'pools'> {
  const count = ({ ranges }: PortPool): number =>
    protocols.filter((protocol) => ranges[protocol] !== undefined).length;
  const pools = usable
    .toSorted((a, b) => count(b) - count(a) || Number(isForSome(b)) - Number(isForSome(a)))
    .map(({ name }) => name);
  return { pools, ...(asked !== undefined && { pool: asked }) };
}

function isForSome({ namespaces, labels }: PortPool): boolean {
  return namespaces.length > 0 || Object.keys(labels).length > 0;
}

/** An object that asks for ports, as far as pools are concerned. */
export interface PoolRequest {
  readonly asker: Asker;
  /** The pool that it names. */
  readonly asked: string | undefined;
  /** What asks, for problems. */
  readonly field: string;
  readonly report: Report;
}

/** Reports that a fleet has no pool for an object, or not the one that it names, and ports of pools that it may not use any more. */
export function reportPools(
  fleet: Pick<FleetSettings, 'name' | 'pools'>,
  usable: readonly PortPool[],
  { asker, asked, field, report }: PoolRequest,
  held: readonly HeldPort[],
): void {
  // What an import gave is of none of them.
  const own = held.filter((each) => each.fleet === fleet.name && each.pool !== importedPool);
  const names = usable.map(({ name }) => name);
  const { kind, namespace } = asker.meta.ref;
  const kept = own.length === 0 ? '' : '; the ports that it holds are kept';
  if (names.length === 0 || (asked !== undefined && !names.includes(asked))) {
    const which = asked === undefined ? 'no port pool' : `no port pool ${quote(asked)}`;
    report('pool-refused', () => ({
      field: asked === undefined ? field : annotationField('fairlead.dev/pool'),
      message: `fleet ${fleet.name} has ${which} for namespace ${namespace}${mentionLabels(fleet, kind)}${kept}`,
      hint:
        names.length === 0
          ? 'Ask the operators of the edge for a pool, or name another fleet.'
          : `Use one of ${listSome(names)}.`,
    }));
  }
  const foreign = own.filter((each) => {
    const pool = findPoolOfHeld(fleet, each);
    return pool !== undefined && !usable.includes(pool);
  });
  if (foreign.length === 0) return;
  report('pool-port-kept', () => ({
    field,
    message: `pool port ${listSome(foreign.map(({ port }) => String(port)))} of fleet ${fleet.name} ${foreign.length === 1 ? 'is' : 'are'} of a pool that is not for namespace ${namespace}${mentionLabels(fleet, kind)}: kept and served, and not given again`,
    hint: `Allow the ${kind} in the pool again, or name another pool with fairlead.dev/pool${names.length === 0 ? '' : `, such as ${names[0]}`}.`,
  }));
}

function mentionLabels({ pools }: Pick<FleetSettings, 'pools'>, kind: string): string {
  return pools.some(({ labels }) => Object.keys(labels).length > 0) ? ` and the labels of the ${kind}` : '';
}

function findPoolOfHeld(
  { pools }: Pick<FleetSettings, 'pools'>,
  { port, protocols }: HeldPort,
): PortPool | undefined {
  return pools.find(({ ranges }) =>
    protocols.some((protocol) => {
      const range = ranges[protocol]?.range;
      return range !== undefined && inRange(range, port);
    }),
  );
}
