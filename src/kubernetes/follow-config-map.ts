import type { Logger } from 'pino';

import { BackOff } from '../lib/back-off.ts';
import type { KubeClient } from './kube-client.ts';
import { SerialWorker } from '../lib/serial-worker.ts';
import { Reflector } from './reflector.ts';
import { defaultTimings } from './timings.ts';
import { OnePerTurn } from '../lib/one-per-turn.ts';
import { kinds } from '../kinds/index.ts';

export interface FollowOptions<T extends { readonly version: string }> {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly log: Logger;
  readonly read: () => Promise<T>;
  /** Gets each version that is read, once. */
  readonly changed: (snapshot: T) => void;
  /** It cannot be read now. */
  readonly failed: (error: unknown) => void;
}

/**
 * Follows one ConfigMap by a watch that says when to read it. Goes on until the returned function is called, whatever
 * happens; while it cannot be read, that is said and tried again.
 */
export function followConfigMap<T extends { readonly version: string }>(
  options: FollowOptions<T>,
): () => Promise<void> {
  const { client, namespace, name, log } = options;
  const reader = new Reader(options);
  const reflector = new Reflector({
    kind: kinds.ConfigMap,
    namespace,
    name,
    source: name,
    client,
    timings: defaultTimings,
    turns: new OnePerTurn(),
    log,
    changed: () => reader.request(),
    conditionChanged: () => undefined,
  });
  reflector.start();
  return async () => {
    await reflector.stop();
    await reader.stop();
  };
}

/** Reads when asked to, one time after the other, and again later when that fails. */
class Reader<T extends { readonly version: string }> {
  readonly #options: FollowOptions<T>;
  readonly #backOff = new BackOff(defaultTimings.backOff);
  readonly #worker = new SerialWorker(() => this.#read());
  #stopped = false;
  #version: string | undefined;

  constructor(options: FollowOptions<T>) {
    this.#options = options;
  }

  request(): void {
    void this.#worker.request();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker.stop();
  }

  async #read(): Promise<void> {
    const { read, changed, failed } = this.#options;
    try {
      const snapshot = await read();
      this.#backOff.healthy(performance.now());
      if (snapshot.version === this.#version || this.#stopped) return;
      changed(snapshot);
      this.#version = snapshot.version;
    } catch (error) {
      failed(error);
      this.#worker.requestWithin(this.#backOff.next(performance.now()));
    }
  }
}
