import { Sleep } from '../../lib/sleep.ts';

export interface ReturnProbeOptions {
  /** One small request; rejects while there is no answer. Must end by itself. */
  readonly ask: (signal: AbortSignal) => Promise<unknown>;
  /** Called when the server answers after it did not. */
  readonly returned: () => void;
  readonly everyMs: number;
}

/**
 * Looks out for a server that is away. Back-off keeps the load of lists and watches low, but after a long absence it would
 * keep everybody waiting for as long as half a minute; one small request a second costs nobody anything.
 */
export class ReturnProbe {
  readonly #options: ReturnProbeOptions;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ReturnProbeOptions) {
    this.#options = options;
  }

  /** Asks from now on. */
  start(): void {
    if (this.#stop !== undefined) return;
    const stop = (this.#stop = new AbortController());
    this.#running = this.#running.then(() => this.#run(stop.signal));
  }

  /** Resolves when nothing is under way any more. */
  stop(): Promise<void> {
    this.#stop?.abort();
    this.#stop = undefined;
    return this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { ask, returned, everyMs } = this.#options;
    const sleep = new Sleep();
    let wasAway = false;
    while (!signal.aborted) {
      const answers = await ask(signal).then(
        () => true,
        () => false,
      );
      // Once for each absence: a server that answers this but no lists must not be asked for lists every second.
      if (answers && wasAway && !signal.aborted) returned();
      wasAway = !answers;
      await sleep.wait(everyMs, signal);
    }
  }
}
