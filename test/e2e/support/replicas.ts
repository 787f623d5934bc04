import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cleanup, makeTempFolder } from './cleanup.ts';
import type { Cluster } from './cluster.ts';
import { startFairlead, type Fairlead } from './fairlead.ts';
import { startRelay } from './relay.ts';
import { startTraefik, type Traefik } from './traefik.ts';
import { readStaticConfig } from './world.ts';

/** The user that the replicas are to the API server: faults can single it out. */
export const replicaUser = 'fairlead';

/** Several Fairleads of one configuration, and a Traefik that polls whichever lives. */
export interface Replicas {
  readonly count: number;
  readonly traefik: Traefik;
  /** The one of now: another one after `restart`. */
  get(index: number): Fairlead;
  /** SIGKILL, and a new start; does not wait until it is ready. */
  restart(index: number): Promise<void>;
  /** Gives all of them another token; the one that they had is refused from now on. */
  rotateToken(): Promise<void>;
  stop(): Promise<void>;
}

export interface ReplicasOptions {
  readonly cluster: Cluster;
  readonly count: number;
  /** What `fairlead.yaml` says beside the listeners, the source `prod` and the ledger. */
  readonly config: Readonly<Record<string, unknown>>;
}

export async function startReplicas({ cluster, count, config }: ReplicasOptions): Promise<Replicas> {
  const cleanup = new Cleanup();
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const kubeconfig = join(folder.path, 'kubeconfig');
  let generation = 0;
  const toToken = (): string => `replica-token-${generation}`;
  const issueToken = async (): Promise<void> => {
    generation += 1;
    await cluster.server.rig('token', { user: replicaUser, token: toToken() });
    const text = readFileSync(cluster.kubeconfig, 'utf8').replaceAll('rig-admin-token', toToken());
    writeFileSync(`${kubeconfig}.new`, text);
    renameSync(`${kubeconfig}.new`, kubeconfig);
  };
  try {
    await issueToken();
    const whole = {
      sources: [{ name: 'prod', kubernetes: { kubeconfig } }],
      ledger: { configMap: 'fairlead-system/fairlead-ports' },
      ...config,
    };
    const fairleads: Fairlead[] = [];
    cleanup.add(() => Promise.all(fairleads.map((fairlead) => fairlead.stop())).then(() => undefined));
    for (let index = 0; index < count; index++) {
      mkdirSync(join(folder.path, String(index)));
      fairleads.push(await startFairlead({ cwd: join(folder.path, String(index)), config: whole }));
    }
    const get = (index: number): Fairlead => {
      const fairlead = fairleads[index];
      if (fairlead === undefined) throw new Error(`there is no replica ${index}`);
      return fairlead;
    };
    const relay = cleanup.keep(await startRelay(fairleads.map(({ listen }) => listen.provider)));
    const listen = { ...get(0).listen, provider: relay.address };
    const staticConfig = await readStaticConfig({ ...get(0), listen }, join(folder.path, '0'));
    const traefik = cleanup.keep(await startTraefik({ staticConfig }));
    return {
      count,
      traefik,
      get,
      async restart(index) {
        const former = get(index);
        await former.crash();
        const cwd = join(folder.path, String(index));
        fairleads[index] = await startFairlead({ cwd, config: whole, listen: former.listen, ready: false });
      },
      async rotateToken() {
        const former = toToken();
        await issueToken();
        await cluster.server.rig('unauthorized', { token: former, on: true });
      },
      stop: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}
