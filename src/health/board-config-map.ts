import type { Logger } from 'pino';
import { followConfigMap } from '../kubernetes/follow-config-map.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import { isNotFound } from '../kubernetes/kube-error.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { fieldManager } from '../model/field-manager.ts';
import { noneFailing, type FailingEndpoints } from '../model/health.ts';
import type { HealthBoard } from './board.ts';
import { formatBoard, parseBoard } from './board-document.ts';

export interface BoardConfigMapOptions {
  /** The connection; `stop` leaves it open. */
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly log: Logger;
}

const textKey = 'failing.json';
const timeoutMs = 5_000;
const about =
  'Which endpoints of UDP ports fail the checks of Fairlead. Written by its leader, read by all replicas; deleted, it is written again.';

/** The version of one that is not there. */
const absent = 'absent';

interface Snapshot {
  readonly version: string;
  readonly failing: FailingEndpoints;
}

/**
 * The board in a ConfigMap, made when the first endpoint fails. A write succeeds only on the version that was read, so a leader that was
 * paused cannot undo what the next one found.
 */
export class BoardConfigMap implements HealthBoard {
  readonly location: string;
  readonly #options: BoardConfigMapOptions;
  #version = absent;
  #changed: (failing: FailingEndpoints) => void = () => undefined;
  #unfollow: (() => Promise<void>) | undefined;

  constructor(options: BoardConfigMapOptions) {
    this.#options = options;
    this.location = `ConfigMap ${options.namespace}/${options.name}`;
  }

  async start(changed: (failing: FailingEndpoints) => void): Promise<void> {
    this.#changed = changed;
    const { client, namespace, name, log } = this.#options;
    const read = (): Promise<Snapshot> => this.#read();
    await read().then(
      (snapshot) => this.#take(snapshot),
      (error: unknown) => this.#fail(error),
    );
    this.#unfollow = followConfigMap({
      client,
      namespace,
      name,
      log,
      read,
      changed: (snapshot) => this.#take(snapshot),
      failed: (error) => this.#fail(error),
    });
  }

  async write(failing: FailingEndpoints): Promise<void> {
    const { client, name } = this.#options;
    const options = { timeoutMs, query: { fieldManager } };
    const data = { [textKey]: formatBoard(failing) };
    const metadata = { name, annotations: { 'fairlead.dev/about': about } };
    const written =
      this.#version === absent
        ? await client.create(
            this.#toPath(),
            { apiVersion: 'v1', kind: 'ConfigMap', metadata, data },
            options,
          )
        : await client.patch(
            this.#toPath(name),
            { metadata: { ...metadata, resourceVersion: this.#version }, data },
            options,
          );
    this.#take({ version: toVersion(written), failing });
  }

  async stop(): Promise<void> {
    await this.#unfollow?.();
  }

  async #read(): Promise<Snapshot> {
    const { client, name, log } = this.#options;
    try {
      const raw = await client.getJson(this.#toPath(name), { timeoutMs });
      const text = isObject(raw['data']) ? raw['data'][textKey] : undefined;
      const failing = typeof text === 'string' ? parseBoard(text) : undefined;
      if (failing === undefined)
        log.warn({ board: this.location }, 'what fails its checks cannot be read; nothing counts as failing');
      return { version: toVersion(raw), failing: failing ?? noneFailing };
    } catch (error) {
      if (isNotFound(error)) return { version: absent, failing: noneFailing };
      throw error;
    }
  }

  #take({ version, failing }: Snapshot): void {
    this.#version = version;
    this.#changed(failing);
  }

  #fail(error: unknown): void {
    this.#options.log.debug({ err: error, board: this.location }, 'what fails its checks cannot be read now');
  }

  #toPath(name?: string): string {
    const collection = `/api/v1/namespaces/${this.#options.namespace}/configmaps`;
    return name === undefined ? collection : `${collection}/${name}`;
  }
}

function toVersion(raw: RawObject): string {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const version = metadata['resourceVersion'];
  return typeof version === 'string' ? version : absent;
}
