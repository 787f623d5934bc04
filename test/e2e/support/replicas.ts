import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cleanup, makeTempFolder } from './cleanup.ts';
import type { Cluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import { startFairlead, type Fairlead } from './fairlead.ts';
import { startRelay } from './relay.ts';
import { startTraefik, type Traefik } from './traefik.ts';
import { readStaticConfig } from './world.ts';

/** The user that a replica is to the API server: faults can single it out, and so give the replicas different views. */
export function toReplicaUser(index: number): string {
  return `fairlead-${index}`;
}

/** Several Fairleads of one configuration, and a Traefik that polls whichever lives. */
export interface Replicas {
  readonly count: number;
  readonly traefik: Traefik;
  /** The one of now: another one after `restart`. */
  get(index: number): Fairlead;
  /** Resolves when all of them are ready. */
  untilReady(): Promise<void>;
  /** SIGKILL, and a new start; does not wait until it is ready. */
  restart(index: number): Promise<void>;
  /** Gives one of them another token; the one that it had is refused from now on. */
  rotateToken(index: number): Promise<void>;
  /** To a server that has been started again, and knows the tokens of nobody; with its address and authority of now. */
  reissueTokens(): Promise<void>;
  stop(): Promise<void>;
}

export interface ReplicasOptions {
  readonly cluster: Cluster;
  readonly count: number;
  /** What `fairlead.yaml` says beside the listeners, the source `prod` and the ledger. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The address at which Traefik serves its metrics at `/metrics`; absent: nowhere. */
  readonly metrics?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node itself for one of them. */
  readonly toNodeArgs?: (index: number) => readonly string[];
  /** Those that Traefik may poll; default all. */
  readonly isPolled?: (index: number) => boolean;
}

/** Those of now. */
export function listFairleads({ count, get }: Pick<Replicas, 'count' | 'get'>): readonly Fairlead[] {
  return Array.from({ length: count }, (_each, index) => get(index));
}

export async function startReplicas(options: ReplicasOptions): Promise<Replicas> {
  const { cluster, count, config, metrics, env = {}, toNodeArgs = () => [], isPolled = () => true } = options;
  const cleanup = new Cleanup();
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const generations = new Map<number, number>();
  const toToken = (index: number): string =>
    `token-of-${toReplicaUser(index)}-${generations.get(index) ?? 0}`;
  const toFolder = (index: number): string => join(folder.path, String(index));
  const issueToken = async (index: number): Promise<void> => {
    generations.set(index, (generations.get(index) ?? 0) + 1);
    await introduce(cluster, toReplicaUser(index), toToken(index), toFolder(index));
  };
  try {
    const whole = {
      sources: [{ name: 'prod', kubernetes: { kubeconfig: './kubeconfig' } }],
      ledger: { configMap: 'fairlead-system/fairlead-ports' },
      ...config,
    };
    const fairleads: Fairlead[] = [];
    cleanup.add(() => Promise.all(fairleads.map((fairlead) => fairlead.stop())).then(() => undefined));
    for (let index = 0; index < count; index++) {
      mkdirSync(toFolder(index));
      await issueToken(index);
      const nodeArgs = toNodeArgs(index);
      fairleads.push(await startFairlead({ cwd: toFolder(index), config: whole, env, nodeArgs }));
    }
    const get = (index: number): Fairlead => {
      const fairlead = fairleads[index];
      if (fairlead === undefined) throw new Error(`there is no replica ${index}`);
      return fairlead;
    };
    const polled = fairleads.filter((_each, index) => isPolled(index));
    const relay = cleanup.keep(await startRelay(polled.map(({ listen }) => listen.provider)));
    const listen = { ...get(0).listen, provider: relay.address };
    const staticConfig = await readStaticConfig({ ...get(0), listen }, toFolder(0));
    const traefik = cleanup.keep(
      await startTraefik({
        staticConfig: metrics === undefined ? staticConfig : addMetrics(staticConfig, metrics),
      }),
    );
    return {
      count,
      traefik,
      get,
      async untilReady() {
        await eventually('all replicas are ready', 40_000, async () => {
          const answers = await Promise.all(fairleads.map(({ adminUrl }) => fetch(`${adminUrl}/readyz`)));
          return answers.every(({ status }) => status === 200);
        });
      },
      async restart(index) {
        const former = get(index);
        await former.crash();
        const cwd = toFolder(index);
        fairleads[index] = await startFairlead({
          cwd,
          config: whole,
          env,
          nodeArgs: toNodeArgs(index),
          listen: former.listen,
          ready: false,
        });
      },
      async rotateToken(index) {
        const former = toToken(index);
        await issueToken(index);
        await cluster.server.rig('unauthorized', { token: former, on: true });
      },
      async reissueTokens() {
        for (let index = 0; index < count; index++)
          await introduce(cluster, toReplicaUser(index), toToken(index), toFolder(index));
      },
      stop: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** Makes a token known to the API server as that of a user, and puts the kubeconfig with it into a folder. */
export async function introduce(
  cluster: Cluster,
  user: string,
  token: string,
  folder: string,
): Promise<void> {
  await cluster.server.rig('token', { user, token });
  const text = readFileSync(cluster.kubeconfig, 'utf8').replaceAll('rig-admin-token', token);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(`${kubeconfig}.new`, text);
  renameSync(`${kubeconfig}.new`, kubeconfig);
}

const staticSchema = z.looseObject({ entryPoints: z.looseObject({}) });

function addMetrics(staticConfig: string, address: string): string {
  const { entryPoints, ...rest } = staticSchema.parse(parse(staticConfig));
  const metrics = { prometheus: { entryPoint: 'metrics' } };
  return stringify({ ...rest, metrics, entryPoints: { ...entryPoints, metrics: { address } } });
}
