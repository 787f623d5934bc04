import { createHash } from 'node:crypto';
import type { Logger } from 'pino';

import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { isNotFound } from '../../kubernetes/kube-error.ts';
import { isObject } from '../../lib/raw-object.ts';
import { Sleep } from '../../lib/sleep.ts';
import { fieldManager } from '../../model/field-manager.ts';
import { mergePolls, type BankPolls } from './bank-polls.ts';
import { formatPolls, parsePolls } from './polls-document.ts';

export interface PollBoardOptions {
  readonly client: KubeClient;
  /** Of the ledger, whose replicas these are. */
  readonly namespace: string;
  readonly name: string;
  /** Of this replica, and of no other. */
  readonly identity: string;
  readonly log: Logger;
  /** In milliseconds; default `boardTimings`. */
  readonly timings?: BoardTimings;
}

export interface BoardTimings {
  /** How often the leader looks. */
  readonly lookMs: number;
  /** How often a replica says again what it sees, as a sign of life. */
  readonly repeatMs: number;
  /** How long what was said counts without a sign of life; well above `repeatMs`. */
  readonly lifeMs: number;
  /** After how long without one the leader removes it. */
  readonly removeMs: number;
}

export const boardTimings: BoardTimings = {
  lookMs: 1_000,
  repeatMs: 10_000,
  lifeMs: 30_000,
  removeMs: 600_000,
};

/** What this replica brings along. */
export interface BoardMember {
  /** Who polls this replica. */
  readonly own: () => BankPolls;
  readonly isLeader: () => boolean;
  /** What the others see has changed. */
  readonly changed: () => void;
}

/** Tells the leader who polls the other replicas. */
export interface PollBoard {
  start(member: BoardMember): void;
  /** Who polls this replica has changed. */
  tell(): void;
  /** Who polls the other replicas, as far as this one knows: only the leader looks. */
  others(): BankPolls;
  stop(): Promise<void>;
}

/** What another replica said last. */
interface Said {
  readonly version: string;
  readonly polls: BankPolls;
  /** When that was first seen here: nothing is decided by the clocks of other machines. */
  readonly seenAt: number;
}

const label = 'fairlead.dev/polls';
const pollsKey = 'polls';
const timeoutMs = 5_000;

/**
 * Each replica that does not lead keeps a ConfigMap of its own beside the ledger that says who polls it; the leader reads them. Nobody
 * writes one of another replica, and the ledger has one writer.
 */
export class ConfigMapPollBoard implements PollBoard {
  readonly #options: PollBoardOptions;
  readonly #timings: BoardTimings;
  readonly #collection: string;
  readonly #own: string;
  readonly #label: string;
  readonly #stop = new AbortController();
  readonly #sleep = new Sleep();
  #running: Promise<void> = Promise.resolve();
  #said = new Map<string, Said>();
  #others: BankPolls = new Map();
  #othersText = '{}';
  #written: { readonly text: string; readonly at: number } | undefined;
  #complaint = '';

  constructor(options: PollBoardOptions) {
    const { namespace, name, identity, timings = boardTimings } = options;
    this.#options = options;
    this.#timings = timings;
    this.#collection = `/api/v1/namespaces/${namespace}/configmaps`;
    this.#label = toDigest(name);
    this.#own = `${name.slice(0, 200)}-polls-${toDigest(identity)}`;
  }

  start(member: BoardMember): void {
    this.#running = this.#run(member);
  }

  tell(): void {
    this.#sleep.end();
  }

  others(): BankPolls {
    return this.#others;
  }

  /** Also takes back what was said. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (this.#written !== undefined) await this.#remove(this.#own).catch(() => undefined);
  }

  async #run(member: BoardMember): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        if (member.isLeader()) await this.#look(member);
        else await this.#say(member);
        this.#complaint = '';
      } catch (error) {
        if (!signal.aborted) this.#complain(error);
      }
      await this.#sleep.wait(this.#timings.lookMs, signal);
    }
  }

  /** Nothing is written for a replica that nobody polls. */
  async #say({ own }: BoardMember): Promise<void> {
    const text = formatPolls(own());
    const now = performance.now();
    const former = this.#written;
    if (former === undefined && text === '{}') return;
    if (former?.text === text && now - former.at < this.#timings.repeatMs) return;
    const metadata = {
      name: this.#own,
      labels: { [label]: this.#label },
      annotations: {
        'fairlead.dev/about': 'Who polls one replica of Fairlead. Written by it, for the leader.',
      },
    };
    // The time makes it another version each time: that is the sign of life.
    const data = { [pollsKey]: text, written: new Date().toISOString() };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
    const options = { timeoutMs, query: { fieldManager }, signal: this.#stop.signal };
    const path = `${this.#collection}/${this.#own}`;
    await this.#options.client.patch(path, object, options).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      return this.#options.client.create(this.#collection, object, options);
    });
    this.#written = { text, at: now };
  }

  async #look({ changed }: BoardMember): Promise<void> {
    const now = performance.now();
    const found = new Map<string, Said>();
    const take = (items: readonly unknown[]): void => {
      for (const item of items) this.#take(item, found, now);
    };
    const query = { labelSelector: `${label}=${this.#label}` };
    await this.#options.client.list(this.#collection, take, { query, timeoutMs, signal: this.#stop.signal });
    this.#said = found;
    const alive = [...found.values()].filter(({ seenAt }) => now - seenAt < this.#timings.lifeMs);
    this.#others = mergePolls(alive.map(({ polls }) => polls));
    const text = formatPolls(this.#others);
    if (text !== this.#othersText) changed();
    this.#othersText = text;
    for (const [name, { seenAt }] of found)
      if (now - seenAt > this.#timings.removeMs) await this.#remove(name);
  }

  #take(item: unknown, found: Map<string, Said>, now: number): void {
    const { metadata, data } = isObject(item) ? item : {};
    const { name, resourceVersion: version } = isObject(metadata) ? metadata : {};
    const text = isObject(data) ? data[pollsKey] : undefined;
    if (typeof name !== 'string' || typeof version !== 'string' || name === this.#own) return;
    const former = this.#said.get(name);
    if (former?.version === version) found.set(name, former);
    else found.set(name, { version, polls: parsePolls(String(text)) ?? new Map(), seenAt: now });
  }

  async #remove(name: string): Promise<void> {
    await this.#options.client
      .delete(`${this.#collection}/${name}`, { timeoutMs })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }

  #complain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    // Once, and not every second.
    if (message !== this.#complaint)
      this.#options.log.warn({ detail: message }, 'replicas cannot tell each other who polls them');
    this.#complaint = message;
  }
}

function toDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
