import { z } from 'zod';
import { adminToken } from '../../../../support/api-server.ts';
import { eventually } from '../../eventually.ts';
import { listFairleads } from '../../replicas.ts';
import { lastingReplica, type EnduranceWorld } from '../world.ts';

const leaseSchema = z.object({ spec: z.object({ holderIdentity: z.string().default('') }) });
const path = '/apis/coordination.k8s.io/v1/namespaces/fairlead-system/leases/fairlead';
const headers = { authorization: `Bearer ${adminToken}`, connection: 'close' };
/** A Lease that nobody renews ends within this time. */
const foundMs = 60_000;

/** How a leadership ended: the replica that is to live on has its Lease taken away, any other one is killed. */
export type LeadershipEnd = 'leader killed' | 'leader robbed of its Lease';

/** Waits until a replica leads, and ends that. The Lease ends soon, so that there is a next one. */
export async function endLeadership(world: EnduranceWorld): Promise<LeadershipEnd> {
  const index = await eventually('a replica leads', foundMs, () => findLeader(world));
  if (index === lastingReplica) {
    await rob(world);
    return 'leader robbed of its Lease';
  }
  await world.replicas.restart(index);
  await patchLease(world, { leaseDurationSeconds: 1 });
  return 'leader killed';
}

/** Resolves when the replica that lives on follows another one: what a leader has open is more. */
export async function untilLastingFollows(world: EnduranceWorld): Promise<void> {
  await eventually('another replica leads', foundMs, async () => {
    const index = await findLeader(world);
    if (index === lastingReplica) await rob(world);
    return index !== undefined && index !== lastingReplica;
  });
}

async function findLeader({ cluster, replicas }: EnduranceWorld): Promise<number | undefined> {
  const response = await fetch(cluster.httpUrl + path, { headers });
  const { holderIdentity } = leaseSchema.parse(await response.json()).spec;
  if (holderIdentity === '') return undefined;
  const index = listFairleads(replicas).findIndex(({ logs }) =>
    logs().includes(`"identity":"${holderIdentity}"`),
  );
  return index < 0 ? undefined : index;
}

function rob(world: EnduranceWorld): Promise<void> {
  return patchLease(world, { holderIdentity: 'somebody-else', leaseDurationSeconds: 1 });
}

async function patchLease({ cluster }: EnduranceWorld, spec: object): Promise<void> {
  const response = await fetch(cluster.httpUrl + path, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ spec }),
  });
  if (!response.ok)
    throw new Error(`the Lease cannot be changed: ${response.status} ${await response.text()}`);
}
