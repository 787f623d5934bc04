import { eventually } from '../eventually.ts';
import type { Fairlead } from '../fairlead.ts';
import { isWithin, judgeFlat, judgeWithin, type Verdict } from './figures.ts';
import { startHeapProbe } from './heap-probe.ts';
import { readProcessState, readResources } from './process-state.ts';

const calmMs = 60_000;

/** Open files and what keeps the event loop busy, when nothing happens. */
interface Quiet {
  readonly files: Readonly<Record<string, number>>;
  readonly resources: Readonly<Record<string, number>>;
}

/** Leaves out of figures those of the beginning. */
type Warm = (figures: readonly number[]) => readonly number[];

/** Looks at a Fairlead that lives through the whole run. */
export interface ProcessWatch {
  /** Its resident memory. */
  readMemory(): void;
  /** Its heap, after a collection of garbage. */
  readHeap(): Promise<void>;
  /** To be called when all is quiet, at the beginning and at the end. */
  note(): Promise<void>;
  judge(warm: Warm): readonly Verdict[];
  stop(): void;
}

/** @param inspectorPort Where its inspector listens, if it was started with `--inspect-port`. */
export async function watchProcess(
  name: string,
  { pid, adminUrl }: Fairlead,
  inspectorPort?: number,
): Promise<ProcessWatch> {
  const probe = await startHeapProbe(pid, inspectorPort);
  const heap: number[] = [];
  const memory: number[] = [];
  const quiet: Quiet[] = [];
  const read = async (): Promise<Quiet> => ({
    files: readProcessState(pid).files,
    resources: await readResources(adminUrl),
  });
  return {
    readMemory: () => void memory.push(readProcessState(pid).residentMb),
    readHeap: async () => void heap.push(await probe.read()),
    /** Connections that wait to be used again end within half a minute, and timers are as many as there are requests under way. */
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
    judge: (warm) => [
      judgeFlat(`${name}: heap after a collection`, warm(heap), { share: 0.1, amount: 2 }),
      judgeFlat(`${name}: resident memory`, warm(memory), { share: 0.1, amount: 10 }),
      judgeWithin(`${name}: open files`, quiet.at(-1)?.files, quiet[0]?.files),
      judgeWithin(`${name}: timers and handles`, quiet.at(-1)?.resources, quiet[0]?.resources),
    ],
    stop: () => probe.stop(),
  };
}
