import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificates } from '../certificates.ts';

/** Polls as Traefik does, over TLS with a certificate of its own, and renews its connection when it is refused. */
export interface WitnessPoller {
  readonly answers: number;
  /** Answers that Traefik would take for a failure, in words. */
  readonly failures: readonly string[];
  /** The answer of now, on a new connection. */
  ask(): Promise<string>;
  stop(): Promise<void>;
}

/** @param folder Where the certificate of the listener is, as `tls.crt`. */
export function startWitnessPoller(providerUrl: string, folder: string): WitnessPoller {
  const url = `${providerUrl.replace('http:', 'https:')}/traefik`;
  const stop = new AbortController();
  const failures: string[] = [];
  let answers = 0;
  let agent = new Agent({ keepAlive: true });
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const answer = await askOnce(url, { agent, folder, signal: stop.signal }).catch(String);
      if (answer.startsWith('200 ')) answers += 1;
      else if (!stop.signal.aborted) {
        // A connection that ends while it is rotated is asked again at once, as by Traefik.
        if (!/ECONNRESET|socket hang up|certificate|SSL|EPROTO/i.test(answer))
          failures.push(answer.slice(0, 300));
        agent.destroy();
        agent = new Agent({ keepAlive: true });
      }
      await sleep(200);
    }
    agent.destroy();
  };
  const running = run();
  return {
    get answers() {
      return answers;
    },
    failures,
    ask: () => askOnce(url, { folder }),
    async stop() {
      stop.abort();
      await running;
    },
  };
}

interface AskOptions {
  readonly agent?: Agent;
  readonly folder: string;
  readonly signal?: AbortSignal;
}

function askOnce(url: string, { agent, folder, signal }: AskOptions): Promise<string> {
  const ca = readFileSync(join(folder, 'tls.crt'), 'utf8');
  const { cert, key } = certificates.edgeClient;
  const options = { ca, cert, key, agent, signal, checkServerIdentity: () => undefined, timeout: 15_000 };
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () => resolve(`${response.statusCode} ${body}`)).once('error', reject);
    });
    asked
      .once('timeout', () => asked.destroy(new Error('no answer in 15 s')))
      .once('error', reject)
      .end();
  });
}
