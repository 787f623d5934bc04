import { judgeFlat, type Verdict } from './figures.ts';
import { readProcessState } from './process-state.ts';
import { watchProcess } from './process-watch.ts';
import { lastingInspectorPort, lastingReplica, type EnduranceWorld } from './world.ts';

const everyMs = 2_000;
const heapEveryMs = 10_000;
/** What is compiled and kept for speed fills up at first. */
const warmUpMs = 60_000;

/** Looks at who lives through the whole run: the witness, a replica and the edge. */
export interface Samples {
  /** To be called when all is quiet, at the beginning and at the end. */
  note(): Promise<void>;
  judge(): readonly Verdict[];
  stop(): void;
}

export async function startSamples({ witness, replicas }: EnduranceWorld): Promise<Samples> {
  const began = performance.now();
  const watches = await Promise.all([
    watchProcess('witness', witness.fairlead),
    watchProcess('replica', replicas.get(lastingReplica), lastingInspectorPort),
  ]);
  const edge: number[] = [];
  const timer = setInterval(() => {
    for (const watch of watches) watch.readMemory();
    edge.push(readProcessState(replicas.traefik.pid).residentMb);
  }, everyMs);
  const heapTimer = setInterval(() => {
    for (const watch of watches) void watch.readHeap();
  }, heapEveryMs);
  /** Of a run that is long enough for that, without what was before all had been used. */
  const warm = (figures: readonly number[]): readonly number[] => {
    const share = warmUpMs / (performance.now() - began);
    return share > 0.2 ? figures : figures.slice(Math.ceil(figures.length * share));
  };
  return {
    async note() {
      for (const watch of watches) await watch.note();
    },
    judge: () => [
      ...watches.flatMap((watch) => watch.judge(warm)),
      judgeFlat('Traefik: resident memory', warm(edge), { share: 0.1, amount: 10 }),
    ],
    stop() {
      clearInterval(timer);
      clearInterval(heapTimer);
      for (const watch of watches) watch.stop();
    },
  };
}
