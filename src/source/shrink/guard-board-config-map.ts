import type { Logger } from 'pino';
import { followConfigMap } from '../../kubernetes/follow-config-map.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { isNotFound } from '../../kubernetes/kube-error.ts';
import { isObject } from '../../lib/raw-object.ts';
import { fieldManager } from '../../model/field-manager.ts';
import { noNotes, type GuardBoard, type GuardNote, type GuardNotes } from './guard-board.ts';

export interface GuardBoardOptions {
  /** The connection; `stop` leaves it open. */
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly log: Logger;
}

const timeoutMs = 5_000;
const about =
  'What replicas of Fairlead tell each other about losses of routes that they hold back. May be deleted.';

interface Snapshot {
  readonly version: string;
  readonly notes: GuardNotes;
}

/** The board in a ConfigMap, made with the first note. Each note is a field of its own, so that no writer undoes another one's. */
export class GuardBoardConfigMap implements GuardBoard {
  readonly #options: GuardBoardOptions;
  #unfollow: (() => Promise<void>) | undefined;

  constructor(options: GuardBoardOptions) {
    this.#options = options;
  }

  async start(changed: (notes: GuardNotes) => void): Promise<void> {
    const { client, namespace, name, log } = this.#options;
    const read = (): Promise<Snapshot> => this.#read();
    const failed = (error: unknown): void => {
      log.debug({ err: error }, 'what replicas say about losses cannot be read now');
    };
    await read().then(({ notes }) => changed(notes), failed);
    this.#unfollow = followConfigMap({
      client,
      namespace,
      name,
      log,
      read,
      changed: ({ notes }) => changed(notes),
      failed,
    });
  }

  async note(kind: GuardNote, source: string, text: string | null): Promise<void> {
    const { client, name } = this.#options;
    const options = { timeoutMs, query: { fieldManager } };
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, annotations: { 'fairlead.dev/about': about } },
      data: { [`${kind}.${source}`]: text },
    };
    await client.patch(this.#toPath(name), object, options).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      return text === null ? undefined : client.create(this.#toPath(), object, options);
    });
  }

  async stop(): Promise<void> {
    await this.#unfollow?.();
  }

  async #read(): Promise<Snapshot> {
    try {
      const raw = await this.#options.client.getJson(this.#toPath(this.#options.name), { timeoutMs });
      const { resourceVersion } = isObject(raw['metadata']) ? raw['metadata'] : {};
      return { version: String(resourceVersion), notes: toNotes(raw['data']) };
    } catch (error) {
      if (isNotFound(error)) return { version: 'absent', notes: noNotes };
      throw error;
    }
  }

  #toPath(name?: string): string {
    const collection = `/api/v1/namespaces/${this.#options.namespace}/configmaps`;
    return name === undefined ? collection : `${collection}/${name}`;
  }
}

function toNotes(data: unknown): GuardNotes {
  const notes = { confirmed: new Map<string, string>(), holding: new Map<string, string>() };
  for (const [key, text] of Object.entries(isObject(data) ? data : {})) {
    const [kind = '', source = ''] = key.split('.', 2);
    if ((kind === 'confirmed' || kind === 'holding') && source !== '' && typeof text === 'string')
      notes[kind].set(source, text);
  }
  return notes;
}
