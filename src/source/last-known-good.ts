import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import type { Change } from '../model/snapshot.ts';
import type { UnreadKinds } from '../model/unread-kinds.ts';
import { toFileErrorText } from '../lib/error-text.ts';
import { writeDurably } from '../lib/write-durably.ts';
import { readKept, toLines, type Kept } from './kept-file.ts';
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

/**
 * Keeps what a source last had in a file, and serves it after a restart while the source does not answer: as stale, until it
 * syncs. Kinds that may not be read then are served from it for as long as that is so. Without a file, or with one that cannot be read, it
 * changes nothing.
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
  /** The kinds that may not be read, and are served from the file; undefined until that has been looked at. */
  #recalled: ReadonlySet<string> | undefined;
  /** Those of which nothing is known. */
  #unread: UnreadKinds = [];
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
    if (state.kind !== 'starting' && state.unread !== undefined && this.#recalled === undefined)
      void this.#recall(state, state.unread);
    else this.#take(state);
  }

  /** Before the source is whole: without those kinds it would lose what is routed by them. */
  async #recall(state: SourceState, unread: UnreadKinds): Promise<void> {
    const kept = await this.#readFile();
    if (this.#listener === undefined) return;
    this.#recalled = new Set(unread.filter((kind) => kept?.unread.has(kind) === false));
    this.#serve((kept?.objects ?? []).filter(({ kind }) => this.#recalled?.has(kind)));
    if (this.#state === state) this.#take(state);
  }

  #take(state: SourceState): void {
    const all = 'unread' in state ? (state.unread ?? []) : [];
    this.#recalled &&= new Set([...this.#recalled].filter((kind) => all.some((each) => each === kind)));
    this.#unread = all.filter((kind) => this.#recalled?.has(kind) !== true);
    if (state.kind === 'synced') {
      clearTimeout(this.#grace);
      this.#hasSynced = true;
      // The source has delivered all that there is: what only the file had is gone, but for what may not be read.
      const gone = [...this.#unconfirmed].filter(([, { kind }]) => this.#recalled?.has(kind) !== true);
      for (const [key] of gone) this.#unconfirmed.delete(key);
      if (gone.length > 0)
        this.#listener?.changed(gone.map(([, { meta }]): Change => ({ kind: 'delete', ref: meta.ref })));
      this.#saveSoon();
    }
    // While the file is served, a source that still starts is a stale one to everybody else.
    const isStale = state.kind === 'starting' && this.#unconfirmed.size > 0;
    if (!isStale) this.#listener?.state(this.#withUnread(state));
  }

  #withUnread(state: SourceState): SourceState {
    if (state.kind === 'starting' || state.unread === undefined) return state;
    const { unread: _all, ...rest } = state;
    return this.#unread.length === 0 ? rest : { ...rest, unread: this.#unread };
  }

  #serve(objects: readonly SourceObject[]): void {
    const news = objects.filter((object) => !this.#objects.has(toObjectKey(object.meta.ref)));
    for (const object of news) this.#unconfirmed.set(toObjectKey(object.meta.ref), object);
    this.#listener?.changed(news.map((object) => ({ kind: 'set', object })));
  }

  async #serveFile(): Promise<void> {
    const kept = await this.#readFile();
    if (kept === undefined || this.#hasSynced || this.#listener === undefined) return;
    this.#serve(kept.objects);
    const detail = this.#state.kind === 'synced' ? '' : this.#state.detail;
    this.#listener.state({
      kind: 'stale',
      since: kept.saved,
      kept: kept.saved,
      detail: `served as it was last known; ${detail}`,
    });
  }

  async #readFile(): Promise<Kept | undefined> {
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
      const objects = [...this.#objects.values(), ...this.#unconfirmed.values()];
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
      await writeDurably(this.#file, toLines(this.#source.name, objects, this.#unread));
      await chmod(this.#file, 0o600);
    } catch (error) {
      this.#log.warn(
        { file: this.#file, why: toFileErrorText(error) },
        'the last known state cannot be kept',
      );
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
