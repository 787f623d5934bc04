import { z } from 'zod';
import { adminToken } from '../../../../support/api-server.ts';
import type { EnduranceWorld } from '../world.ts';

const leaseSchema = z.object({ spec: z.object({ holderIdentity: z.string().default('') }) });
const path = '/apis/coordination.k8s.io/v1/namespaces/fairlead-system/leases/fairlead';

/** Kills the replica that leads, and starts another one in its place; the Lease ends soon, so that there is a next one. False when nobody leads. */
export async function killLeader(world: EnduranceWorld): Promise<boolean> {
  const { cluster, replicas } = world;
  const headers = { authorization: `Bearer ${adminToken}`, connection: 'close' };
  const response = await fetch(cluster.httpUrl + path, { headers });
  if (!response.ok) return false;
  const { holderIdentity } = leaseSchema.parse(await response.json()).spec;
  const isLeader = (index: number): boolean =>
    holderIdentity !== '' && replicas.get(index).logs().includes(`"identity":"${holderIdentity}"`);
  const index = [0, 1].find(isLeader);
  if (index === undefined) return false;
  await replicas.restart(index);
  await fetch(cluster.httpUrl + path, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ spec: { leaseDurationSeconds: 1 } }),
  });
  return true;
}
