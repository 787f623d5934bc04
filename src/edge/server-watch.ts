import type { Logger } from 'pino';
import { BackOff } from '../lib/back-off.ts';
import { Sleep } from '../lib/sleep.ts';
import type { EdgeAnswer } from './edge-answer.ts';
import type { EdgeClient, EdgeOutcome } from './edge-client.ts';

export interface ServerWatchOptions {
  readonly client: Pick<EdgeClient, 'ask'>;
  readonly server: string;
  readonly log: Logger;
  /** Called with each answer that is another one than the last. */
  readonly answered: (answer: EdgeAnswer) => Promise<void>;
  /** Called after each time that the server was asked, whatever came of it. */
  readonly asked: () => Promise<void>;
}

/** Between two questions while all is well. */
const intervalMs = 1_000;

/** Asks Fairlead again and again what this host is to run. What goes wrong is said when it begins, and when it is over. */
export class ServerWatch {
  readonly #options: ServerWatchOptions;
  readonly #sleep = new Sleep();
  readonly #backOff = new BackOff({ firstMs: 1_000, mostMs: 30_000, healthyMs: 10_000 });
  #trouble = '';

  constructor(options: ServerWatchOptions) {
    this.#options = options;
  }

  /** Takes what came of a question, and resolves with how long to wait until the next one, in milliseconds. */
  async take(outcome: EdgeOutcome): Promise<number> {
    const { log, server, answered, asked } = this.#options;
    if (outcome.kind === 'answer') await answered(outcome.answer);
    await asked();
    switch (outcome.kind) {
      case 'answer':
      case 'unchanged':
        if (this.#trouble !== '') log.info({ server }, 'Fairlead answers again');
        this.#trouble = '';
        this.#backOff.healthy(performance.now());
        // Hosts that were started together must not ask together.
        return intervalMs * (0.75 + Math.random() / 2);
      case 'away':
      case 'refused':
        if (this.#trouble !== outcome.kind)
          log.error({ server, why: outcome.why }, 'Fairlead does not answer; what runs goes on running');
        this.#trouble = outcome.kind;
        return this.#backOff.next(performance.now());
    }
  }

  /** Asks until `signal` aborts, for the first time after `waitMs`. */
  async run(waitMs: number, signal: AbortSignal): Promise<void> {
    let wait = waitMs;
    for (;;) {
      await this.#sleep.wait(wait, signal);
      if (signal.aborted) return;
      wait = await this.take(await this.#options.client.ask());
    }
  }

  /** Asks at once. */
  hurry(): void {
    this.#sleep.end();
  }
}
