import { watchedKinds } from '../../kinds/index.ts';
import type { WatchedKind } from '../../kinds/kind.ts';
import type { LedgerSettings, ObjectName, Settings } from '../../settings/settings.ts';
import type { LackingRight } from '../facts.ts';

/** A right that Fairlead needs, and the one name for which it needs it. */
export interface NeededRight extends LackingRight {
  readonly name?: string;
}

/** So many namespaces of a source are looked at. */
const mostNamespaces = 20;

/**
 * What a source needs, as `manifests/base/rbac` grants it.
 * @param installed The custom resources that its cluster has: of others nothing is needed.
 */
export function listNeededRights(
  source: { readonly name: string; readonly kubernetes: { readonly namespaces: readonly string[] } },
  { ledger, leaderElection, sources }: Settings,
  installed: ReadonlySet<WatchedKind>,
): readonly NeededRight[] {
  const { namespaces } = source.kubernetes;
  const places: readonly (string | null)[] =
    namespaces.length === 0 ? [null] : namespaces.slice(0, mostNamespaces);
  const reading = watchedKinds
    .filter(
      (each) =>
        installed.has(each) ||
        (each.cluster.optional !== true && (each.namespaced || namespaces.length === 0)),
    )
    .flatMap(({ group, plural, namespaced, kind, cluster: { name } }) =>
      (namespaced ? places : [null]).flatMap((namespace) =>
        ['list', 'watch'].map((verb) => ({
          verb,
          group,
          resource: plural,
          namespace,
          for: `${kind}s are not read`,
          ...(name !== undefined && { name }),
        })),
      ),
    );
  const writing = places.flatMap((namespace) =>
    written.flatMap(({ verbs, ...rest }) => verbs.map((verb) => ({ verb, ...rest, namespace }))),
  );
  const firstCluster = sources.find((each) => 'kubernetes' in each)?.name;
  const isHome = 'source' in ledger ? ledger.source === source.name : firstCluster === source.name;
  return [...reading, ...writing, ...(isHome ? listOwn(ledger, leaderElection.lease) : [])];
}

const written = [
  {
    group: '',
    resource: 'services',
    verbs: ['get', 'patch'],
    for: 'ports and addresses are not written back',
  },
  {
    group: 'networking.k8s.io',
    resource: 'ingresses/status',
    verbs: ['patch'],
    for: 'Ingresses get no address',
  },
  {
    group: 'networking.k8s.io',
    resource: 'ingresses',
    verbs: ['get'],
    for: 'a conflict at an Ingress is not settled',
  },
  {
    group: 'events.k8s.io',
    resource: 'events',
    verbs: ['list', 'create', 'delete'],
    for: 'problems do not become Events',
  },
];

function listOwn(ledger: LedgerSettings, lease: ObjectName): readonly NeededRight[] {
  const leases = {
    group: 'coordination.k8s.io',
    resource: 'leases',
    namespace: lease.namespace,
    for: 'nobody can lead',
  };
  const named = ['get', 'update'].map((verb) => ({ verb, ...leases, name: lease.name }));
  if (!('configMap' in ledger)) return [{ verb: 'create', ...leases }, ...named];
  const { namespace } = ledger.configMap;
  const maps = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'].map((verb) => ({
    verb,
    group: '',
    resource: 'configmaps',
    namespace,
    for: 'the ledger of ports cannot be kept',
  }));
  return [{ verb: 'create', ...leases }, ...named, ...maps];
}
