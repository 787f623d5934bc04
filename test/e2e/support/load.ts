import { Agent, request } from 'node:http';
import { toEcho } from './backends.ts';

/** What came of the requests of a load. */
export interface LoadResult {
  /** Which server answered each, as `ip:port`, in the order of the answers. */
  readonly servers: readonly string[];
  /** What went wrong with those that got no 200. */
  readonly failures: readonly string[];
}

/** Clients that ask all the time, each on a connection that is kept, and note every answer. */
export class Load {
  readonly #host: string;
  readonly #agent: Agent;
  readonly #servers: string[] = [];
  readonly #failures: string[] = [];
  readonly #clients: readonly Promise<void>[];
  #stopped = false;

  /** Starts at once: so many clients of the edge at 127.0.0.1, which ask for `/` of a host. */
  constructor(host: string, clients = 4) {
    this.#host = host;
    this.#agent = new Agent({ keepAlive: true, maxSockets: clients });
    this.#clients = Array.from({ length: clients }, () => this.#run());
  }

  /** Which servers have answered since so many answers. */
  since(count: number): readonly string[] {
    return this.#servers.slice(count);
  }

  /** How many answers there were so far. */
  get count(): number {
    return this.#servers.length;
  }

  /** Resolves when the last answer has come. */
  async stop(): Promise<LoadResult> {
    this.#stopped = true;
    await Promise.all(this.#clients);
    this.#agent.destroy();
    return { servers: this.#servers, failures: this.#failures };
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        this.#servers.push(await askServer(this.#host, this.#agent));
      } catch (error) {
        this.#failures.push(`${new Date().toISOString()} ${String(error)}`);
      }
    }
  }
}

/** Which server answers a GET of `/`, as `ip:port`; rejects when the answer is no 200. */
export function askServer(host: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(10_000);
    request({ host: '127.0.0.1', port: 80, agent, headers: { host }, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('error', reject).once('end', () => {
        if (response.statusCode === 200) resolve(toEcho(body).backend);
        else reject(new Error(`answered ${response.statusCode}`));
      });
    })
      .once('error', reject)
      .end();
  });
}
