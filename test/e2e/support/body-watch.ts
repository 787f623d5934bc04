import { setTimeout as sleep } from 'node:timers/promises';
import { httpGet } from './client.ts';

/** What Traefik would get from one Fairlead, asked for over and over on new connections, which are answered at once. */
export interface BodyWatch {
  /** Answers so far. */
  readonly answers: number;
  /** Every different answer with its revision and what went wrong, in the order of their first appearance. */
  readonly seen: readonly string[];
  stop(): Promise<void>;
}

/** The status, the revision and the body of the answer of now, as one text. */
export async function readAnswer(providerUrl: string): Promise<string> {
  const { hostname, port } = new URL(providerUrl);
  const { status, headers, body } = await httpGet({
    ip: hostname,
    port: Number(port),
    host: hostname,
    path: '/traefik',
  });
  return `${status} ${String(headers['x-fairlead-revision'])} ${body}`;
}

/** Starts to ask, 20 times a second. */
export function watchBody(providerUrl: string): BodyWatch {
  const seen = new Set<string>();
  let answers = 0;
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      seen.add(await readAnswer(providerUrl).catch(String));
      answers += 1;
      await sleep(50);
    }
  };
  const running = run();
  return {
    get answers() {
      return answers;
    },
    get seen() {
      return [...seen];
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}
