import { setTimeout as sleep } from 'node:timers/promises';
import { Cleanup } from '../../test/e2e/support/cleanup.ts';
import { eventually } from '../../test/e2e/support/eventually.ts';
import { readCpuMs } from '../../test/e2e/support/process-figures.ts';
import { untilApplied } from '../bench-world/until-applied.ts';
import { lookAtAll, setStage, type Scene, type Stage } from './scene.ts';

/** What one change came to; times in milliseconds. */
interface ChangeFigures {
  /** From the change of the file until the client in the middle, and the one that was last, had all of it. */
  readonly middle: number;
  readonly last: number;
  /** Until the Traefik that was last had applied it; NaN without any. */
  readonly applied: number;
  /** The longest time for which the event loop of a replica was blocked meanwhile. */
  readonly blocked: number;
  /** Resident memory of the largest replica after it, in MB. */
  readonly resident: number;
}

/** What a scene came to. */
export interface PollerFigures {
  readonly scene: Scene;
  readonly bytes: number;
  readonly changes: readonly ChangeFigures[];
  /** As in a change, while nothing changes and every poll is held to its end. */
  readonly blockedIdle: number;
  readonly residentBefore: number;
  /** Of the first replica, in percent of a core: while nothing changes, and while changes follow each other with a pause of 1.5 s. */
  readonly cpuIdle: number;
  readonly cpuBusy: number;
  readonly failedPolls: readonly string[];
}

const changes = 10;
const pauseMs = 1_500;
/** Longer than two holds, so that all are answered though nothing changes. */
const idleMs = 10_000;

export async function measurePollers(scene: Scene): Promise<PollerFigures> {
  const cleanup = new Cleanup();
  try {
    const stage = await setStage(scene, cleanup);
    await untilEverywhere(stage, await readRevision(stage));
    await sleep(pauseMs);
    return await measure(scene, stage);
  } finally {
    await cleanup.run();
  }
}

async function measure(scene: Scene, stage: Stage): Promise<PollerFigures> {
  const { replicas, clients, residentBefore } = stage;
  const pid = replicas[0]?.fairlead.pid ?? Number.NaN;
  await lookAtAll(replicas);
  const atStart = { cpu: readCpuMs(pid), at: Date.now() };
  await sleep(idleMs);
  const idle = { cpu: readCpuMs(pid), at: Date.now() };
  const { max: blockedIdle } = await lookAtAll(replicas);
  const figures: ChangeFigures[] = [];
  for (let generation = 1; generation <= changes; generation++) {
    figures.push(await measureChange(stage, generation));
    await sleep(pauseMs);
  }
  const atEnd = { cpu: readCpuMs(pid), at: Date.now() };
  const body = await fetch(replicas[0]?.url ?? '');
  return {
    scene,
    bytes: (await body.arrayBuffer()).byteLength,
    changes: figures,
    blockedIdle,
    residentBefore,
    cpuIdle: toPercent(atStart, idle),
    cpuBusy: toPercent(idle, atEnd),
    failedPolls: clients.flatMap((each) => each.errors()),
  };
}

interface CpuReading {
  readonly cpu: number;
  readonly at: number;
}

function toPercent(from: CpuReading, to: CpuReading): number {
  return ((to.cpu - from.cpu) / (to.at - from.at)) * 100;
}

async function measureChange(stage: Stage, generation: number): Promise<ChangeFigures> {
  const before = await readRevision(stage);
  const began = Date.now();
  stage.folder.change(generation);
  const revision = await eventually('it is published', 15_000, async () => {
    const now = await readRevision(stage);
    return now !== before && now;
  });
  const { arrivals, applied } = await untilEverywhere(stage, revision);
  const { max: blocked, rss: resident } = await lookAtAll(stage.replicas);
  return {
    middle: (arrivals[Math.floor(arrivals.length / 2)] ?? Number.NaN) - began,
    last: (arrivals.at(-1) ?? Number.NaN) - began,
    applied: applied.length === 0 ? Number.NaN : Math.max(...applied) - began,
    blocked,
    resident,
  };
}

async function readRevision({ replicas: [first] }: Stage): Promise<string> {
  if (first === undefined) throw new Error('a stage needs a replica');
  return first.readRevision();
}

/** When each client had a revision, the first first, and each Traefik had applied it. */
async function untilEverywhere(
  { clients, traefiks }: Stage,
  revision: string,
): Promise<{ readonly arrivals: readonly number[]; readonly applied: readonly number[] }> {
  const [arrivals, applied] = await Promise.all([
    Promise.all(clients.map((each) => each.untilAll(revision, 60_000))),
    Promise.all(traefiks.map((each) => untilApplied(each, revision))),
  ]);
  return { arrivals: arrivals.flat().toSorted((a, b) => a - b), applied };
}
