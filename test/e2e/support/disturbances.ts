import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { Random } from './random.ts';
import { damageLedger } from './ledger-damage.ts';
import { toReplicaUser, type Replicas } from './replicas.ts';
import { pauseLeader } from './two-leaders.ts';

/** What can go wrong between the replicas and the cluster, each by name. */
export type Disturbance = readonly [name: string, act: () => Promise<unknown>];

/** The name of what each run has once at least. */
export const twoLeaders = 'two lead for a moment';

export interface DisturbanceOptions {
  readonly cluster: Cluster;
  readonly replicas: Replicas;
  readonly random: Random;
  /** A tenant does something. */
  readonly act: () => Promise<unknown>;
}

/** Everything that may happen, most of it to one replica, chosen now. The requests of others are not touched. */
export function listDisturbances({
  cluster,
  replicas,
  random,
  act,
}: DisturbanceOptions): readonly Disturbance[] {
  const victim = random.below(replicas.count);
  const user = toReplicaUser(victim);
  const rig = (path: string, params: Readonly<Record<string, string | number | boolean>>): Promise<unknown> =>
    cluster.server.rig(path, params);
  const pause = { cluster, replicas, meanwhile: act };
  const writes = { user, resource: 'configmaps', verb: 'create,update,patch' };
  return [
    ['watches end', () => rig('drop-watches', { mode: 'close', user })],
    ['watches are cut', () => rig('drop-watches', { mode: 'abort', user })],
    ['watches are half open', () => rig('pause-watches', { seconds: 2, mode: 'lose', user })],
    ['history is compacted', () => rig('compact', {})],
    ['requests fail', () => rig('fail', { status: 500, count: 1 + random.below(8), seconds: 5, user })],
    ['requests are cut', () => rig('fail', { abort: true, count: 1 + random.below(8), seconds: 5, user })],
    ['the server is busy', () => rig('fail', { status: 429, count: 4, seconds: 5, user, 'retry-after': 1 })],
    ['answers are late', () => rig('delay', { ms: 300, seconds: 1, user })],
    ['writes of the ledger conflict', () => rig('fail', { ...writes, status: 409, count: 3, seconds: 5 })],
    [
      'the ledger is written and the answer lost',
      () => rig('fail', { ...writes, status: 504, count: 2, seconds: 5, applied: true }),
    ],
    [
      'the ledger is written and the connection cut',
      () => rig('fail', { ...writes, abort: true, count: 2, seconds: 5, applied: true }),
    ],
    [
      'the token is expired for a while',
      async () => {
        await rig('unauthorized', { user, on: true });
        await sleep(500);
        await rig('unauthorized', { user, on: false });
      },
    ],
    ['the token is rotated', () => replicas.rotateToken(victim)],
    ['a replica is killed', () => replicas.restart(victim)],
    [
      'all replicas are killed',
      () => Promise.all(Array.from({ length: replicas.count }, (_, index) => replicas.restart(index))),
    ],
    ['the leader is paused until another one leads', () => pauseLeader({ ...pause, both: false })],
    [twoLeaders, () => pauseLeader({ ...pause, both: true })],
    [
      'the ledger is damaged for a while',
      async () => {
        // One that starts with a damaged ledger ends at once.
        await replicas.untilReady();
        await damageLedger(cluster, random.below(3), act);
      },
    ],
    [
      'the ledger is deleted',
      () => cluster.kubectl('-n', 'fairlead-system', 'delete', 'cm', 'fairlead-ports', '--ignore-not-found'),
    ],
  ];
}
