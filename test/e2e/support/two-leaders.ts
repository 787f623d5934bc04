import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import type { Fairlead } from './fairlead.ts';
import { listFairleads, toReplicaUser, type Replicas } from './replicas.ts';

const at = ['-n', 'fairlead-system'] as const;
const schema = z.object({ spec: z.object({ holderIdentity: z.string().default('') }) });

export interface PauseOptions {
  readonly cluster: Cluster;
  readonly replicas: Replicas;
  /** Whether it goes on leading for a moment when it wakes up, beside the other one. Otherwise it knows at once that it does not. */
  readonly both: boolean;
  /** Done before, during and right after the pause. */
  readonly meanwhile: () => Promise<unknown>;
}

/** Pauses the leader in the midst of its work until another one leads, and then lets it go on. Does nothing when nobody leads. */
export async function pauseLeader({ cluster, replicas, both, meanwhile }: PauseOptions): Promise<void> {
  const holder = await readHolder(cluster);
  const index = listFairleads(replicas).findIndex((each) => isCalled(each, holder));
  if (index < 0) return;
  const leader = replicas.get(index);
  await meanwhile();
  process.kill(leader.pid, 'SIGSTOP');
  try {
    if (both) await shorten(cluster, toReplicaUser(index));
    await meanwhile();
    await eventually('another one leads', 40_000, async () => {
      const next = await readHolder(cluster);
      return (
        next !== holder && listFairleads(replicas).some((each) => each !== leader && isCalled(each, next))
      );
    });
  } finally {
    process.kill(leader.pid, 'SIGCONT');
  }
  await meanwhile();
  await meanwhile();
}

function isCalled({ logs }: Fairlead, identity: string): boolean {
  return identity !== '' && logs().includes(`"identity":"${identity}"`);
}

async function readHolder(cluster: Cluster): Promise<string> {
  const text = await cluster
    .kubectl(...at, 'get', 'lease', 'fairlead', '-o', 'json')
    .catch(() => '{"spec":{}}');
  return schema.parse(JSON.parse(text)).spec.holderIdentity;
}

/** Others wait for a second only, while `leader` trusts in the ten of its last renewal, and hears late that the next one fails. */
async function shorten(cluster: Cluster, leader: string): Promise<void> {
  await cluster.server.rig('delay', { resource: 'leases', user: leader, ms: 1_000, count: 1, seconds: 10 });
  const patch = JSON.stringify({ spec: { leaseDurationSeconds: 1 } });
  await cluster.kubectl(...at, 'patch', 'lease', 'fairlead', '--type=merge', '-p', patch);
}
