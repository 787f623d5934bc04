import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tcpGreeter } from '../backends.ts';
import { Cleanup, makeTempFolder } from '../cleanup.ts';
import { startCluster, type Cluster } from '../cluster.ts';
import type { Random } from '../random.ts';
import { startReplicas, type Replicas } from '../replicas.ts';
import { backendAddresses, backendPorts, namespace, Tenants } from '../tenants.ts';
import { fakeClock, type FakedClock } from './faked-clock.ts';
import { startPoller, type Poller } from './poller.ts';
import { startWitness, witnessNamespace, type Witness } from './witness.ts';

/** All that is real: an API server, replicas that elect a leader and write back, a Traefik that polls them, and the witness. */
export interface EnduranceWorld {
  readonly cluster: Cluster;
  readonly replicas: Replicas;
  /** Of the replica that is never killed, which Traefik does not poll: so as many connect to it at the end as at first. */
  readonly poller: Poller;
  readonly witness: Witness;
  /** Of the replicas, and of the witness. */
  readonly tenants: readonly [Tenants, Tenants];
  /** The second source of the replicas. */
  readonly folder: string;
  /** Undefined: the clock cannot be moved here. */
  readonly clock: FakedClock | undefined;
  /** What replicas are started with, also one that is compared with them. */
  readonly config: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** The replica that is never killed, so that its memory and handles can be looked at. */
export const lastingReplica = 2;
/** Where its inspector listens; that of the witness has the port that Node gives everybody. */
export const lastingInspectorPort = 9_230;

/** An API server in Go that is started over and over starts in two thirds of the time when it collects no garbage before it has to. */
const quickStarts = { GOGC: 'off', GOMEMLIMIT: '512MiB' };

/** Starts it, in a private network. */
export async function startEnduranceWorld(program: string, random: Random): Promise<EnduranceWorld> {
  const cleanup = new Cleanup();
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  try {
    const folder = join(temp.path, 'manifests');
    mkdirSync(folder);
    const cluster = await startCluster(program, quickStarts);
    cleanup.add(() => cluster.stop());
    for (const address of backendAddresses)
      for (const port of backendPorts) cleanup.keep(await tcpGreeter(address, port));
    const clock = fakeClock(join(temp.path, 'clock'));
    const config = toConfig(folder);
    const env = clock?.env ?? {};
    const toNodeArgs = (index: number): readonly string[] =>
      index === lastingReplica ? [`--inspect-port=127.0.0.1:${lastingInspectorPort}`] : [];
    const isPolled = (index: number): boolean => index !== lastingReplica;
    const replicas = cleanup.keep(
      await startReplicas({ cluster, count: lastingReplica + 1, config, env, toNodeArgs, isPolled }),
    );
    const poller = cleanup.keep(startPoller(replicas.get(lastingReplica).providerUrl));
    const witness = cleanup.keep(await startWitness(cluster, clock));
    const toTenants = (of: string): Tenants => new Tenants(() => cluster.server, random, of);
    const tenants = [toTenants(namespace), toTenants(witnessNamespace)] as const;
    return { cluster, replicas, poller, witness, tenants, folder, clock, config, stop: () => cleanup.run() };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

function toConfig(folder: string): Readonly<Record<string, unknown>> {
  return {
    sources: [
      { name: 'prod', kubernetes: { kubeconfig: './kubeconfig', namespaces: [namespace] } },
      { name: 'vms', directory: { path: folder } },
    ],
    fleets: [
      {
        name: 'default',
        addresses: ['edge.example.com'],
        ports: {
          tcp: { range: '20000-20011' },
          udp: { range: '20000-20011' },
          requestable: null,
          cooldown: '1s',
        },
      },
    ],
    lastKnownGood: './last-known-good',
  };
}
