import { join } from 'node:path';
import { z } from 'zod';
import { startChild } from './child.ts';
import { eventually } from './eventually.ts';
import { projectRoot } from './fairlead.ts';

const program = join(projectRoot, 'test/e2e/support/poll-clients-process.ts');

const lineSchema = z.union([
  z.object({ revision: z.string(), times: z.array(z.number()) }),
  z.object({ error: z.string() }),
]);

/** Clients that poll as Traefik does, in a process of their own. */
export interface PollClients {
  readonly pid: number;
  /** The polls that failed, as texts. */
  errors(): readonly string[];
  /** Resolves when all of them have got a revision, with when each had it: milliseconds since 1970. Rejects after `ms`, default 15 s. */
  untilAll(revision: string, ms?: number): Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** Starts so many. Resolves at once. */
export async function startPollClients(url: string, count: number): Promise<PollClients> {
  const loader = ['--import', import.meta.resolve('tsx')];
  const child = await startChild(process.execPath, [...loader, program, url, String(count)]);
  const lines = (): readonly z.infer<typeof lineSchema>[] =>
    child
      .logs()
      .split('\n')
      .slice(0, -1)
      .map((line) => lineSchema.parse(JSON.parse(line)));
  const find = (revision: string): readonly number[] | undefined =>
    lines().flatMap((line) => ('revision' in line && line.revision === revision ? [line.times] : []))[0];
  return {
    pid: child.pid,
    errors: () => lines().flatMap((line) => ('error' in line ? line.error : [])),
    untilAll: (revision, ms = 15_000) =>
      eventually('all that poll have it', ms, () => find(revision), child.ended),
    stop: () => child.stop(),
  };
}
