import { matchesGlob } from '../lib/glob.ts';
import type { ListedRights, NamespaceRights, PoolRights, PortReport } from '../model/published.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { poolProtocols, toRangeText } from '../ports/allocation/pool.ts';
import type { PortPool } from '../settings/port-pool.ts';
import { ExternalPolicy, type ExternalRights } from '../translate/backend/external-rights.ts';

/** What a namespace of a source may do, as it is configured, and how much of it is used. */
export function toNamespaceRights(
  pipeline: Pipeline,
  { namespaces }: Pick<PortReport, 'namespaces'>,
  source: string,
  namespace: string,
): NamespaceRights {
  const { fleets, ingress, limits, services } = pipeline.settings;
  const routes = pipeline.budget.countRoutes(source, namespace);
  const rights = new ExternalPolicy(services).of(namespace);
  const own = ingress.owners.filter((each) => each.namespaces.includes(namespace));
  const others = ingress.owners.filter((each) => !each.namespaces.includes(namespace));
  const toPool = (fleet: string, pool: PortPool): PoolRights => {
    const used = namespaces.find(
      (row) =>
        row.source === source && row.namespace === namespace && row.fleet === fleet && row.pool === pool.name,
    );
    const { held = 0, cooling = 0 } = used ?? {};
    const { name, labels, maxPerNamespace } = pool;
    return { fleet, pool: name, ranges: toRanges(pool), labels, held, cooling, most: maxPerNamespace };
  };
  return {
    pools: fleets.flatMap((fleet) =>
      fleet.pools.filter((pool) => isFor(pool, namespace)).map((pool) => toPool(fleet.name, pool)),
    ),
    ...toExternal(rights),
    hosts: {
      own: own.flatMap(({ hosts }) => hosts),
      others: others.flatMap(({ hosts }) => hosts),
      ownership: ingress.hostOwnership,
    },
    routes: fleets.map(({ name }) => ({
      fleet: name,
      used: routes.get(name) ?? 0,
      most: limits.namespace.routes,
    })),
    objectLimits: { ...limits.object, annotation: limits.annotation },
  };
}

/** A pool without ports is for nobody. */
function isFor(pool: PortPool, namespace: string): boolean {
  const { namespaces } = pool;
  const isAllowed = namespaces.length === 0 || namespaces.some((each) => matchesGlob(each, namespace));
  return isAllowed && toRanges(pool).length > 0;
}

function toRanges({ ranges }: PortPool): readonly string[] {
  return poolProtocols.flatMap((protocol) => {
    const range = ranges[protocol]?.range;
    return range === undefined ? [] : `${protocol} ${toRangeText(range)}`;
  });
}

function toExternal({
  isOpen,
  allowedCIDRs,
  field,
  names,
}: ExternalRights): Pick<NamespaceRights, 'externalEndpoints' | 'externalNames'> {
  const ofNames: ListedRights = !isOpen
    ? { allowed: [], field }
    : { allowed: names.isOpen ? (names.allowed ?? null) : [], field: names.field };
  return {
    externalEndpoints: { allowed: isOpen ? allowedCIDRs : [], field },
    externalNames: ofNames,
  };
}
