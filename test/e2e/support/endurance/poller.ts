import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { slowness } from '../../../support/slowness.ts';
import { certificates } from '../certificates.ts';

/** Much longer than an answer is held; longer still on a slow or busy machine. */
const patienceMs = 15_000;

/** Polls as Traefik does, and renews its connection when it is refused. */
export interface Poller {
  readonly answers: number;
  /** Answers that Traefik would take for a failure, in words. */
  readonly failures: readonly string[];
  /** The answer of now, on a new connection. */
  ask(): Promise<string>;
  stop(): Promise<void>;
}

/** @param folder Where the certificate of the listener is, as `tls.crt`: it then has a certificate of its own. Absent: without TLS. */
export function startPoller(providerUrl: string, folder?: string): Poller {
  const ask = toAsk(providerUrl, folder);
  const makeAgent = (): http.Agent =>
    folder === undefined ? new http.Agent({ keepAlive: true }) : new https.Agent({ keepAlive: true });
  const stop = new AbortController();
  const failures: string[] = [];
  let answers = 0;
  let agent = makeAgent();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const answer = await ask({ agent, signal: stop.signal }).catch(String);
      if (answer.startsWith('200 ')) answers += 1;
      else if (!stop.signal.aborted) {
        // A connection that ends while it is rotated is asked again at once, as by Traefik.
        if (!/ECONNRESET|socket hang up|certificate|SSL|EPROTO/i.test(answer))
          failures.push(answer.slice(0, 300));
        agent.destroy();
        agent = makeAgent();
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
    ask: () => ask({}),
    async stop() {
      stop.abort();
      await running;
    },
  };
}

interface AskOptions {
  readonly agent?: http.Agent;
  readonly signal?: AbortSignal;
}

function toAsk(providerUrl: string, folder: string | undefined): (options: AskOptions) => Promise<string> {
  if (folder === undefined) {
    const url = `${providerUrl}/traefik`;
    return (options) => read(http.request(url, options));
  }
  const url = `${providerUrl.replace('http:', 'https:')}/traefik`;
  return (options) => {
    const ca = readFileSync(join(folder, 'tls.crt'), 'utf8');
    const tls = { ca, ...certificates.edgeClient, checkServerIdentity: () => undefined };
    return read(https.request(url, { ...tls, ...options }));
  };
}

function read(asked: http.ClientRequest): Promise<string> {
  const stop = watchPatience(asked);
  const answer = new Promise<string>((resolve, reject) => {
    asked
      .once('response', (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.once('end', () => resolve(`${response.statusCode} ${body}`)).once('error', reject);
      })
      .once('error', reject)
      .end();
  });
  return answer.finally(stop);
}

/** Ends a request that is not answered in time; the returned function ends the watch. */
function watchPatience(asked: http.ClientRequest): () => void {
  const began = performance.now();
  let wasLate = false;
  const timer = setInterval(() => {
    const waited = performance.now() - began;
    const isLate = waited > patienceMs && waited > patienceMs * slowness();
    // Twice in a row: who was kept from running itself has to read first what has come meanwhile.
    if (isLate && wasLate) asked.destroy(new Error(`no answer in ${Math.round(waited / 1_000)} s`));
    wasLate = isLate;
  }, 1_000);
  return () => clearInterval(timer);
}
