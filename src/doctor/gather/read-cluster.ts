import * as z from 'zod';
import { watchedKinds } from '../../kinds/index.ts';
import type { WatchedKind } from '../../kinds/kind.ts';
import { KubeClient } from '../../kubernetes/kube-client.ts';
import { ledgerAnnotation } from '../../kubernetes/lease.ts';
import type { Settings, SourceSettings } from '../../settings/settings.ts';
import type { ClusterFacts, LackingRight, LedgerLease } from '../facts.ts';
import { listNeededRights, type NeededRight } from './needed-rights.ts';

const timeoutMs = 5_000;
/** A holder that has not renewed its Lease for so long is gone. */
const lifeMs = 60_000;

const review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });
const lease = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.looseObject({ holderIdentity: z.string().nullish(), renewTime: z.string().nullish() }).prefault({}),
});

type ClusterSource = Extract<SourceSettings, { kubernetes: unknown }>;

/** What the API server of a source says: its clock, and what the account that is configured may do. Never rejects. */
export async function readCluster(source: ClusterSource, settings: Settings): Promise<ClusterFacts> {
  const client = new KubeClient(source.kubernetes);
  const nothing = { source: source.name, clockAheadMs: null, lacking: [], leases: [] };
  try {
    const serverTime = await client.readTime({ timeoutMs });
    return {
      ...nothing,
      error: null,
      clockAheadMs: serverTime === undefined ? null : serverTime - Date.now(),
      lacking: await findLacking(client, listNeededRights(source, settings, await findInstalled(client))),
      leases: await readLeases(client, serverTime ?? Date.now(), settings).catch(() => []),
    };
  } catch (error) {
    return { ...nothing, error: error instanceof Error ? error.message : String(error) };
  } finally {
    await client.close();
  }
}

/** The custom resources that the server has. */
async function findInstalled(client: KubeClient): Promise<ReadonlySet<WatchedKind>> {
  const optional = watchedKinds.filter(({ cluster }) => cluster.optional === true);
  const found = await Promise.all(
    optional.map((kind) => client.discovery.find(kind, { timeoutMs, freshMs: timeoutMs })),
  );
  return new Set(optional.filter((_kind, index) => found[index] !== undefined));
}

/** A few at a time: an API server has better things to do. */
async function findLacking(
  client: KubeClient,
  rights: readonly NeededRight[],
): Promise<readonly LackingRight[]> {
  const lacking: LackingRight[] = [];
  for (let at = 0; at < rights.length; at += 8) {
    const answers = await Promise.all(
      rights.slice(at, at + 8).map(async (right) => ((await mayDo(client, right)) ? [] : [right])),
    );
    lacking.push(...answers.flat());
  }
  return lacking;
}

async function mayDo(
  client: KubeClient,
  { verb, group, resource: full, namespace, name }: NeededRight,
): Promise<boolean> {
  const [resource, subresource = ''] = full.split('/');
  const where = { ...(namespace !== null && { namespace }), ...(name !== undefined && { name }) };
  const answer = await client.create(
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, subresource, ...where } },
    },
    { timeoutMs },
  );
  return review.parse(answer).status.allowed;
}

/** Those of the whole cluster, where this account may list them; else those beside the ledger. */
async function readLeases(
  client: KubeClient,
  now: number,
  { leaderElection }: Settings,
): Promise<readonly LedgerLease[]> {
  const found: LedgerLease[] = [];
  const take = (items: readonly unknown[]): void => {
    for (const item of items) {
      const parsed = lease.safeParse(item);
      if (!parsed.success) continue;
      const { metadata, spec } = parsed.data;
      const ledger = metadata.annotations[ledgerAnnotation];
      const isAlive = Boolean(spec.holderIdentity) && now - Date.parse(spec.renewTime ?? '') < lifeMs;
      if (ledger !== undefined && isAlive)
        found.push({ lease: `${metadata.namespace}/${metadata.name}`, ledger });
    }
  };
  const root = '/apis/coordination.k8s.io/v1';
  await client
    .list(`${root}/leases`, take, { timeoutMs })
    .catch(() =>
      client.list(`${root}/namespaces/${leaderElection.lease.namespace}/leases`, take, { timeoutMs }),
    );
  return found;
}
