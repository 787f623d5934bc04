import { Worker } from 'node:worker_threads';
import type { ParserAnswer, ParserRequest } from './parser-protocol.ts';

/** The code of the thread, in the program that was built; see `scripts/build.mjs`. */
declare const FAIRLEAD_PARSER: string | undefined;

/** Asks the thread, and resolves with its answer. @throws ParserLostError */
export type AskParser = (request: ParserRequest) => Promise<ParserAnswer>;

/** The thread has come to an end or does not answer: the file that it was at is too much for it. */
export class ParserLostError extends Error {
  override readonly name = 'ParserLostError';
}

interface Waiting {
  resolve(answer: ParserAnswer): void;
  reject(error: ParserLostError): void;
}

/** Far more than the worst file within the limits takes on a busy machine. */
const patienceMs = 60_000;
/** A thread that has nothing to do gives its memory back. */
const idleMs = 5_000;

/** A thread that reads large files. It is started when there is one, and does not keep the process alive. */
export class ParserThread {
  #worker: Worker | undefined;
  #waiting: Waiting | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  /** Gives `work` the thread to itself, after the work that was given before. */
  use<T>(work: (ask: AskParser) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      clearTimeout(this.#idle);
      let worker: Worker | undefined;
      try {
        return await work(async (request) => {
          worker ??= this.#worker ??= await this.#start();
          return this.#ask(worker, request);
        });
      } finally {
        this.#idle = setTimeout(() => this.close(), idleMs).unref();
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Ends the thread; what it was asked for is lost. The next use starts another. */
  close(): void {
    clearTimeout(this.#idle);
    this.#lose(this.#worker, 'was stopped');
  }

  async #ask(worker: Worker, request: ParserRequest): Promise<ParserAnswer> {
    // Another one would know nothing of the file that is open.
    if (worker !== this.#worker) throw new ParserLostError('was stopped');
    const timer = setTimeout(() => this.#lose(worker, 'does not answer'), patienceMs);
    worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject };
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
        worker.postMessage(request);
      });
    } finally {
      this.#waiting = undefined;
      clearTimeout(timer);
      worker.unref();
    }
  }

  async #start(): Promise<Worker> {
    const code = typeof FAIRLEAD_PARSER === 'string' ? FAIRLEAD_PARSER : await bundleHere();
    const resourceLimits = { maxOldGenerationSizeMb: 1_024 };
    const worker = new Worker(code, { eval: true, execArgv: [], resourceLimits });
    worker.on('message', (answer: ParserAnswer) => this.#waiting?.resolve(answer));
    worker.on('error', (error) => this.#lose(worker, `has failed (${error.name})`));
    worker.on('exit', () => this.#lose(worker, 'has ended'));
    return worker;
  }

  #lose(worker: Worker | undefined, why: string): void {
    if (worker === undefined || worker !== this.#worker) return;
    this.#worker = undefined;
    this.#waiting?.reject(new ParserLostError(why));
    void worker.terminate();
  }
}

/** From the sources, in tests and in development: Node alone does not understand TypeScript in a thread. */
async function bundleHere(): Promise<string> {
  const script = new URL('../../../scripts/bundle-parser.mjs', import.meta.url).href;
  const { bundleParser } = (await import(script)) as { bundleParser: () => Promise<string> };
  return bundleParser();
}
