import { eventually } from '../eventually.ts';
import { startHeapProbe } from './heap-probe.ts';
import { isWithin, judgeFlat, judgeWithin, type Verdict } from './figures.ts';
import { readProcessState, readResources } from './process-state.ts';
import type { EnduranceWorld } from './world.ts';

const everyMs = 2_000;
const heapEveryMs = 10_000;
/** What is compiled and kept for speed fills up at first. */
const warmUpMs = 60_000;
const calmMs = 60_000;

/** Looks at the witness and the edge every other second. */
export interface Samples {
  /** To be called when all is quiet, at the beginning and at the end. */
  note(): Promise<void>;
  judge(): readonly Verdict[];
  stop(): void;
}

/** Open files and what keeps event loops busy, when nothing happens. */
interface Quiet {
  readonly files: Readonly<Record<string, number>>;
  readonly resources: Readonly<Record<string, number>>;
}

export async function startSamples({ witness, replicas }: EnduranceWorld): Promise<Samples> {
  const began = performance.now();
  const probe = await startHeapProbe(witness.fairlead.pid);
  const heap: number[] = [];
  const memory: number[] = [];
  const edge: number[] = [];
  const quiet: Quiet[] = [];
  const timer = setInterval(() => {
    memory.push(readProcessState(witness.fairlead.pid).residentMb);
    edge.push(readProcessState(replicas.traefik.pid).residentMb);
  }, everyMs);
  const readHeap = async (): Promise<void> => void heap.push(await probe.read());
  const heapTimer = setInterval(() => void readHeap(), heapEveryMs);
  /** Of a run that is long enough for that, without what was before all had been used. */
  const warm = (figures: readonly number[]): readonly number[] => {
    const share = warmUpMs / (performance.now() - began);
    return share > 0.2 ? figures : figures.slice(Math.ceil(figures.length * share));
  };
  /** Connections that wait to be used again end within half a minute, and timers are as many as there are requests under way. */
  const read = async (): Promise<Quiet> => {
    const { pid, adminUrl } = witness.fairlead;
    return { files: readProcessState(pid).files, resources: await readResources(adminUrl) };
  };
  return {
    async note() {
      let now = await read();
      const [first] = quiet;
      const isCalm = async (): Promise<boolean> => {
        now = await read();
        return (
          first === undefined ||
          (isWithin(now.files, first.files) && isWithin(now.resources, first.resources))
        );
      };
      await eventually('as many handles as at first', calmMs, isCalm).catch(() => undefined);
      quiet.push(now);
    },
    judge: () => [
      judgeFlat('witness: heap after a collection', warm(heap), { share: 0.1, amount: 2 }),
      judgeFlat('witness: resident memory', warm(memory), { share: 0.1, amount: 10 }),
      judgeFlat('Traefik: resident memory', warm(edge), { share: 0.1, amount: 10 }),
      judgeWithin('witness: open files', quiet.at(-1)?.files, quiet[0]?.files),
      judgeWithin('witness: timers and handles', quiet.at(-1)?.resources, quiet[0]?.resources),
    ],
    stop() {
      clearInterval(timer);
      clearInterval(heapTimer);
      probe.stop();
    },
  };
}
