import { once } from 'node:events';
import { WebSocket } from 'undici';
import { z } from 'zod';
import { eventually } from '../eventually.ts';

/** Asks a running Node for its heap, through its inspector. */
export interface HeapProbe {
  /** What is in use when garbage has been collected, in MB. */
  read(): Promise<number>;
  stop(): void;
}

/** Where Node listens unless it was started with `--inspect-port`. */
const usualPort = 9_229;
const targetsSchema = z.array(z.object({ webSocketDebuggerUrl: z.string() }));
const answerSchema = z.looseObject({
  id: z.number(),
  result: z.looseObject({ usedSize: z.number().optional() }).optional(),
});
type Answer = z.infer<typeof answerSchema>;

/** Opens the inspector of a process, which listens at a port that nobody else has. */
export async function startHeapProbe(pid: number, port = usualPort): Promise<HeapProbe> {
  process.kill(pid, 'SIGUSR1');
  const [target] = await eventually('the inspector listens', 10_000, async () => {
    const found = targetsSchema.parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
    return found.length > 0 && found;
  });
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = answerSchema.safeParse(JSON.parse(String(data))).data;
    if (answer !== undefined) waiting.get(answer.id)?.(answer);
  });
  let last = 0;
  const ask = (method: string): Promise<Answer> =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method }));
    });
  return {
    async read() {
      await ask('HeapProfiler.collectGarbage');
      const { result } = await ask('Runtime.getHeapUsage');
      waiting.clear();
      return (result?.usedSize ?? Number.NaN) / 1e6;
    },
    stop: () => socket.close(),
  };
}
