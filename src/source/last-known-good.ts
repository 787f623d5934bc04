import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import type { Change } from '../model/snapshot.ts';
import { isKind } from '../kinds/index.ts';
import { toFileErrorText } from '../lib/error-text.ts';
import { openRegularFile } from '../lib/read-regular-file.ts';
import { writeDurably } from '../lib/write-durably.ts';
import type { Source, SourceListener, SourceState } from './source.ts';

export interface LastKnownGoodOptions {
  /** The folder; one file a source, of mode 0600, since Secrets are among the objects. */
  readonly folder: string;
  /** How long a source may take to sync before its last known objects are served. */
  readonly graceMs: number;
  /** How long after a change the file is written. */
  readonly quietMs: number;
}

export const lastKnownGoodTiming = { graceMs: 3_000, quietMs: 10_000 } as const;

const fileKind = 'FairleadLastKnownGood';
const header = z.strictObject({
  kind: z.literal(fileKind),
  version: z.literal(1),
  source: z.string(),
  objects: z.int(),
  saved: z.string(),
});
/** Read line by line; 100,000 endpoints are a hundredth of it. */
const maxBytes = 2 * 1024 ** 3;
/** Objects between two breaths of the event loop, in reading and in writing. */
const batchSize = 200;

/**
 * Keeps what a source last had in a file, and serves it after a restart while the source does not answer: as stale, until it
 * syncs. Without a file, or with one that cannot be read, it changes nothing.
 */
export function withLastKnownGood(source: Source, options: LastKnownGoodOptions, log: Logger): Source {
  const keeper = new LastKnownGood(source, options, log);
  return {
    name: source.name,
    start: (listener) => keeper.start(listener),
    stop: () => keeper.stop(),
    locate: (ref, field) => source.locate(ref, field),
  };
}

class LastKnownGood {
  readonly #source: Source;
  readonly #options: LastKnownGoodOptions;
  readonly #log: Logger;
  readonly #file: string;
  readonly #objects = new Map<ObjectKey, SourceObject>();
  /** What was served from the file and has not been confirmed by the source since. */
  readonly #unconfirmed = new Map<ObjectKey, SourceObject>();
  #listener: SourceListener | undefined;
  #state: SourceState = { kind: 'starting', detail: 'not read yet' };
  #hasSynced = false;
  #grace: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(source: Source, options: LastKnownGoodOptions, log: Logger) {
    this.#source = source;
    this.#options = options;
    this.#log = log;
    this.#file = path.join(options.folder, `${source.name}.ndjson`);
  }

  start(listener: SourceListener): void {
    this.#listener = listener;
    this.#grace = setTimeout(() => void this.#serveFile(), this.#options.graceMs);
    this.#source.start({
      changed: (changes) => this.#change(changes),
      problems: (problems) => listener.problems(problems),
      state: (state) => this.#changeState(state),
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#grace);
    const due = this.#timer !== undefined;
    clearTimeout(this.#timer);
    await this.#source.stop();
    this.#listener = undefined;
    await this.#saving;
    if (due) await this.#save();
  }

  #change(changes: readonly Change[]): void {
    for (const change of changes) {
      const key = toObjectKey(change.kind === 'set' ? change.object.meta.ref : change.ref);
      this.#unconfirmed.delete(key);
      if (change.kind === 'set') this.#objects.set(key, change.object);
      else this.#objects.delete(key);
    }
    this.#listener?.changed(changes);
    if (this.#hasSynced) this.#saveSoon();
  }

  #changeState(state: SourceState): void {
    this.#state = state;
    if (state.kind === 'synced') {
      clearTimeout(this.#grace);
      this.#hasSynced = true;
      // The source has delivered all that there is: what only the file had is gone.
      const gone = [...this.#unconfirmed.values()].map(({ meta }): Change => ({
        kind: 'delete',
        ref: meta.ref,
      }));
      this.#unconfirmed.clear();
      if (gone.length > 0) this.#listener?.changed(gone);
      this.#saveSoon();
    }
    // While the file is served, a source that still starts is a stale one to everybody else.
    const stale = state.kind === 'starting' && this.#unconfirmed.size > 0;
    if (!stale) this.#listener?.state(state);
  }

  async #serveFile(): Promise<void> {
    const kept = await this.#readFile();
    if (kept === undefined || this.#hasSynced || this.#listener === undefined) return;
    const news = kept.objects.filter((object) => !this.#objects.has(toObjectKey(object.meta.ref)));
    for (const object of news) this.#unconfirmed.set(toObjectKey(object.meta.ref), object);
    this.#listener.changed(news.map((object) => ({ kind: 'set', object })));
    const detail = this.#state.kind === 'synced' ? '' : this.#state.detail;
    this.#listener.state({
      kind: 'stale',
      since: kept.saved,
      kept: kept.saved,
      detail: `served as it was last known; ${detail}`,
    });
  }

  async #readFile(): Promise<
    { readonly saved: string; readonly objects: readonly SourceObject[] } | undefined
  > {
    try {
      return await readKept(this.#file, this.#source.name);
    } catch (error) {
      if (!isMissing(error))
        this.#log.warn(
          { err: error, file: this.#file },
          'the last known state cannot be read; it is not used',
        );
      return undefined;
    }
  }

  #saveSoon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#saving = this.#saving.then(() => this.#save());
    }, this.#options.quietMs);
    this.#timer.unref();
  }

  async #save(): Promise<void> {
    this.#timer = undefined;
    try {
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
      await writeDurably(this.#file, toLines(this.#source.name, [...this.#objects.values()]));
      await chmod(this.#file, 0o600);
    } catch (error) {
      this.#log.warn(
        { file: this.#file, why: toFileErrorText(error) },
        'the last known state cannot be kept',
      );
    }
  }
}

async function* toLines(source: string, objects: readonly SourceObject[]): AsyncGenerator<string> {
  yield `${JSON.stringify({ kind: fileKind, version: 1, source, objects: objects.length, saved: new Date().toISOString() })}\n`;
  for (let start = 0; start < objects.length; start += batchSize) {
    yield objects
      .slice(start, start + batchSize)
      .map((object) => `${JSON.stringify(object)}\n`)
      .join('');
    await nextTurn();
  }
}

/** @throws Error when the file is missing, of another source, or not whole. */
async function readKept(
  file: string,
  source: string,
): Promise<{ readonly saved: string; readonly objects: readonly SourceObject[] }> {
  const handle = await openRegularFile(file, maxBytes);
  try {
    const objects: SourceObject[] = [];
    let count = 0;
    let head: z.infer<typeof header> | undefined;
    for await (const line of handle.readLines({ encoding: 'utf8' })) {
      if (head === undefined) {
        head = header.parse(JSON.parse(line));
        continue;
      }
      // Written by this program, whole or not at all, and readable by nobody else.
      const object = JSON.parse(line) as SourceObject;
      // A later version may have written it, which knows more kinds.
      if (isKind(object.kind)) objects.push(object);
      count += 1;
      if (count % batchSize === 0) await nextTurn();
    }
    if (head?.source !== source || head.objects !== count)
      throw new Error(`${file} is not the whole state of source ${source}`);
    return { saved: head.saved, objects };
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
