import type { Logger } from 'pino';

import { emptyLedger, type LedgerState } from '../../model/ports.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { SerialWorker } from '../../lib/serial-worker.ts';
import { followConfigMap } from '../../kubernetes/follow-config-map.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { KubeError } from '../../kubernetes/kube-error.ts';
import {
  fail,
  joinParts,
  parseStoredText,
  partsKey,
  textKey,
  toConfigMapPlace,
  toHeadContent,
  toStored,
  type HeadData,
  type Part,
  type StoredLedger,
} from './configmap-document.ts';
import { mayHaveHappened, toLedgerError } from './configmap-error.ts';
import { ConfigMapStore, type StoredConfigMap } from './configmap-store.ts';
import type { LedgerPlace } from './ledger-document.ts';
import {
  absentVersion,
  LedgerUnavailableError,
  type CommitResult,
  type Ledger,
  type LedgerSnapshot,
} from './ledger.ts';

export interface LedgerConfigMapOptions {
  /** The connection; `close` leaves it open. */
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly log: Logger;
  /** Default 256 KiB: a longer text is split over several ConfigMaps. */
  readonly mostInlineBytes?: number;
}

/** A ledger that tells when somebody else has changed it. */
export interface WatchedLedger extends Ledger {
  /**
   * Calls `changed` soon after each change, also after its own, and `failed` whenever a change cannot be read, until the returned
   * function or `close` is called.
   */
  watch(changed: (snapshot: LedgerSnapshot) => void, failed: (error: unknown) => void): () => Promise<void>;
}

/** How often a part may vanish between the two reads before that counts as damage. */
const mostReadings = 5;

/**
 * The ledger in a ConfigMap, for any number of replicas: a commit succeeds only on the `resourceVersion` that was read, so a
 * leader that was paused and does not know that it is none any more cannot write. Nothing is asked of the server before
 * the first `read`. A ledger that is deleted while this process knows it reads as what it was, with `absentVersion`.
 */
export function openLedgerConfigMap(options: LedgerConfigMapOptions): WatchedLedger {
  return new LedgerConfigMap(options);
}

type StoredPart = Pick<Part, 'state' | 'text'>;

/** What the ConfigMaps say, as they were read or written last. */
interface Known {
  readonly snapshot: LedgerSnapshot;
  /** By name. A part never changes. */
  readonly parts: ReadonlyMap<string, StoredPart>;
}

class LedgerConfigMap implements WatchedLedger {
  readonly location: string;
  readonly #options: LedgerConfigMapOptions;
  readonly #store: ConfigMapStore;
  readonly #place: LedgerPlace;
  readonly #stops = new Set<() => Promise<void>>();
  /** One thing at a time: what is read is never older than what was committed before. */
  readonly #queue = new SerialQueue();
  /** Removes what no version needs any more. That it fails does not matter: the next process tries again. */
  readonly #tidier = new SerialWorker(() => this.#tidy());
  #known: Known | undefined;
  #mayHaveOrphans = true;
  #closed = false;

  constructor(options: LedgerConfigMapOptions) {
    const { client, namespace, name } = options;
    this.#options = options;
    this.#store = new ConfigMapStore(client, namespace, name);
    this.#place = toConfigMapPlace(namespace, name);
    this.location = this.#place.location;
  }

  async read(): Promise<LedgerSnapshot> {
    const { snapshot } = await this.#inTurn('read', () => this.#read());
    return snapshot;
  }

  commit(expectedVersion: string, next: LedgerState): Promise<CommitResult> {
    return this.#inTurn('written', () => this.#replace(expectedVersion, next));
  }

  watch(changed: (snapshot: LedgerSnapshot) => void, failed: (error: unknown) => void): () => Promise<void> {
    const { client, namespace, name, log } = this.#options;
    const read = (): Promise<LedgerSnapshot> => this.read();
    const stop = followConfigMap({ client, namespace, name, log, read, changed, failed });
    this.#stops.add(stop);
    return stop;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#stops].map((stop) => stop()));
    await this.#queue.idle();
    await this.#tidier.stop();
  }

  #inTurn<T>(participle: string, work: () => Promise<T>): Promise<T> {
    const { namespace } = this.#options;
    return this.#queue.run(work).catch((error: unknown) => {
      throw toLedgerError(error, { location: this.location, namespace, participle });
    });
  }

  async #read(): Promise<Known> {
    for (let reading = 1; ; reading += 1) {
      const head = await this.#store.read();
      const known = this.#known;
      if (head === undefined) return this.#rememberAbsence(known?.snapshot.state);
      if (known?.snapshot.version === head.version) return known;
      const content = toHeadContent(head.data, this.#place);
      const names = content.kind === 'parts' ? content.names : [];
      const parts = new Map<string, StoredPart>();
      await Promise.all(names.map((name) => this.#readPart(name, parts)));
      const missing = names.find((name) => !parts.has(name));
      if (missing === undefined) {
        const state =
          content.kind === 'text'
            ? parseStoredText(content.text, this.#place)
            : joinParts(
                [...parts.values()].map((part) => part.state),
                this.#place,
              );
        return this.#remember({ state, version: head.version }, parts);
      }
      // Another version, which names other parts, may have come between the two readings.
      if (reading === mostReadings) fail(this.#place, `the part ${missing} is missing`);
    }
  }

  async #readPart(name: string, parts: Map<string, StoredPart>): Promise<void> {
    const { namespace, name: ledger } = this.#options;
    const known = this.#known?.parts.get(name);
    if (known !== undefined) {
      parts.set(name, known);
      return;
    }
    const stored = await this.#store.read(name);
    if (stored === undefined) return;
    const place = toConfigMapPlace(namespace, ledger, name);
    const text = stored.data[textKey] ?? fail(place, `it has no key ${textKey}`);
    parts.set(name, { text, state: parseStoredText(text, place) });
  }

  async #replace(expectedVersion: string, next: LedgerState): Promise<CommitResult> {
    if (this.#closed)
      throw new LedgerUnavailableError(`${this.location}: the port ledger cannot be written: it was closed.`);
    const former = this.#known?.snapshot.version === expectedVersion ? this.#known.parts : noParts;
    const stored = this.#toStored(expectedVersion, next, former);
    const added = stored.parts.filter((part) => !former.has(part.name));
    await Promise.all(added.map((part) => this.#store.writePart(part, expectedVersion)));
    if (added.length > 0) this.#mayHaveOrphans = true;
    const head = await this.#swap(expectedVersion, stored.data);
    if (head === undefined) return { kind: 'conflict' };
    const parts = new Map(stored.parts.map((part) => [part.name, part]));
    const known = this.#remember({ state: next, version: head.version }, parts);
    if (this.#mayHaveOrphans || former.size > 0) void this.#tidier.request();
    return { kind: 'committed', snapshot: known.snapshot };
  }

  #toStored(base: string, next: LedgerState, former: Known['parts']): StoredLedger {
    const { name, mostInlineBytes } = this.#options;
    const known = new Map([...former].map(([partName, { text }]) => [text, partName]));
    const stored = toStored(next, {
      name,
      base,
      known,
      ...(mostInlineBytes !== undefined && { mostBytes: mostInlineBytes }),
    });
    // A ledger that could not be read again must not become durable.
    for (const text of [stored.data[textKey], ...stored.parts.map((part) => part.text)]) {
      if (text !== null && !known.has(text)) parseStoredText(text, this.#place);
    }
    return stored;
  }

  async #swap(base: string, data: HeadData): Promise<StoredConfigMap | undefined> {
    try {
      return await this.#store.swap(base, data);
    } catch (error) {
      if (!(error instanceof KubeError) || !mayHaveHappened(error)) throw error;
      const head = await this.#store.read().catch(() => undefined);
      const isOurs =
        head !== undefined &&
        head.version !== base &&
        (head.data[textKey] ?? null) === data[textKey] &&
        (head.data[partsKey] ?? null) === data[partsKey];
      if (!isOurs) throw error;
      return head;
    }
  }

  async #tidy(): Promise<void> {
    this.#mayHaveOrphans = false;
    try {
      await this.#store.removeOrphans();
    } catch (error) {
      this.#mayHaveOrphans = true;
      this.#options.log.debug({ err: error, ledger: this.location }, 'old parts of the ledger stay for now');
    }
  }

  #remember(snapshot: LedgerSnapshot, parts: Known['parts']): Known {
    return (this.#known = { snapshot, parts });
  }

  #rememberAbsence(state: LedgerState = emptyLedger): Known {
    const was = this.#known?.snapshot.version ?? absentVersion;
    if (was !== absentVersion)
      this.#options.log.warn({ ledger: this.location }, 'the port ledger was deleted');
    return this.#remember({ state, version: absentVersion }, noParts);
  }
}

const noParts: Known['parts'] = new Map();
