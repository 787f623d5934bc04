import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from '../../test/e2e/support/cleanup.ts';
import { makeTempFolder } from '../../test/e2e/support/cleanup.ts';
import { startPollClients, type PollClients } from '../../test/e2e/support/poll-clients.ts';
import { startTraefik, type Traefik } from '../../test/e2e/support/traefik.ts';
import { readStaticConfig } from '../../test/e2e/support/world.ts';
import { halfOpen, neverReading } from '../../test/e2e/support/poll-burdens.ts';
import { writeManifests, type ManifestFolder, type Size } from '../bench-world/manifests.ts';
import { startReplica, type LoopFigures, type Replica } from './replica.ts';

/** What polls how many replicas. */
export interface Scene {
  readonly size: Size;
  readonly replicas: number;
  /** In all, divided among the replicas. */
  readonly clients: number;
  /** Real ones, beside the clients. */
  readonly traefiks: number;
  /** Whether each replica has clients that never read, and connections on which a request never ends. */
  readonly burdened: boolean;
}

/** A scene that runs. */
export interface Stage {
  readonly folder: ManifestFolder;
  readonly replicas: readonly Replica[];
  readonly clients: readonly PollClients[];
  readonly traefiks: readonly Traefik[];
  /** Of one replica before anybody polled it, in MB. */
  readonly residentBefore: number;
}

const neverReadingCount = 20;
const halfOpenCount = 1_000;

/** Starts all of it; what runs is left to the clean-up. */
export async function setStage(scene: Scene, cleanup: Cleanup): Promise<Stage> {
  const root = makeTempFolder();
  cleanup.add(() => root.remove());
  const folder = writeManifests(root.path, scene.size);
  const replicas: Replica[] = [];
  for (let index = 0; index < scene.replicas; index++)
    replicas.push(cleanup.keep(await startReplica(join(root.path, `replica-${index}`), folder.path)));
  const { rss: residentBefore } = await lookAtAll(replicas);
  const clients: PollClients[] = [];
  for (const { url } of replicas)
    clients.push(cleanup.keep(await startPollClients(url, Math.round(scene.clients / scene.replicas))));
  const traefiks: Traefik[] = [];
  for (let index = 0; index < scene.traefiks; index++)
    traefiks.push(cleanup.keep(await startEdge(replicas[index % replicas.length], index)));
  if (scene.burdened) for (const { url } of replicas) addBurdens(url, cleanup);
  prefer([...replicas.map(({ fairlead }) => fairlead.pid), ...clients.map(({ pid }) => pid)]);
  return { folder, replicas, clients, traefiks, residentBefore };
}

/** The worst of all replicas since the last look. */
export async function lookAtAll(replicas: readonly Replica[]): Promise<LoopFigures> {
  const all = await Promise.all(replicas.map((each) => each.look()));
  const most = (of: keyof LoopFigures): number => Math.max(...all.map((each) => each[of]));
  return { max: most('max'), p99: most('p99'), rss: most('rss') };
}

/** Traefiks decode on machines of their own: here they must not keep the others from the cores. Without the right to it, they do. */
function prefer(pids: readonly number[]): void {
  try {
    for (const pid of pids) setPriority(pid, -15);
  } catch (error) {
    console.log(`All processes have the same priority: ${String(error)}`);
  }
}

async function startEdge(replica: Replica | undefined, index: number): Promise<Traefik> {
  if (replica === undefined) throw new Error('a Traefik needs a replica');
  const staticConfig = await readStaticConfig(replica.fairlead, replica.root);
  return startTraefik({ staticConfig, bind: `127.0.0.${10 + index}`, logLevel: 'ERROR' });
}

function addBurdens(url: string, cleanup: Cleanup): void {
  cleanup.keep(neverReading(url, neverReadingCount));
  cleanup.keep(halfOpen(url, halfOpenCount));
}
