import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { toEcho } from './backends.ts';

/** What a request under load came to. */
export interface Shot {
  /** Milliseconds of `performance.now()`. */
  readonly sentAt: number;
  /** The server that answered with 200, as `ip:port`; else the status, or what went wrong. */
  readonly answer: string;
}

/** Requests that go on until they are stopped, over connections that are kept alive. */
export interface Load {
  readonly shots: readonly Shot[];
  /** Resolves with all of them once the last has ended. */
  stop(): Promise<readonly Shot[]>;
}

/** One request over a connection of the agent. Never rejects. */
function shoot(host: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request(
      { host: '127.0.0.1', port: 80, path: '/', headers: { host }, agent, timeout: 10_000 },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.once('end', () =>
          resolve(response.statusCode === 200 ? toEcho(body).backend : String(response.statusCode)),
        );
        response.once('error', (error) => resolve(error.message));
      },
    );
    outgoing.once('error', (error) => resolve(error.message)).once('timeout', () => outgoing.destroy());
    outgoing.end();
  });
}

/** Sends so many requests to a host, several at a time; returns how often each answer came. */
export async function shootMany(
  host: string,
  count: number,
  atOnce = 16,
): Promise<ReadonlyMap<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const counts = new Map<string, number>();
  let left = count;
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await shoot(host, agent);
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  agent.destroy();
  return counts;
}

/** Starts a load of several clients on a host, each with a short pause between its requests. */
export function startLoad(host: string, clients = 4, pauseMs = 2): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const shots: Shot[] = [];
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const sentAt = performance.now();
      shots.push({ sentAt, answer: await shoot(host, agent) });
      await sleep(pauseMs);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, work));
  return {
    shots,
    async stop() {
      stopping.abort();
      await running;
      agent.destroy();
      return shots;
    },
  };
}
