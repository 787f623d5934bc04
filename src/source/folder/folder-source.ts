import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { ObjectRef } from '../../model/object-ref.ts';
import { toProblem, type FileLocation, type Problem } from '../../model/problem.ts';
import type { DirectorySettings } from '../../settings/settings.ts';
import type { Source, SourceListener, SourceState } from '../source.ts';
import {
  scanDirectory,
  scanFile,
  DirectoryUnreadableError,
  type DirectoryScan,
  type ScannedFile,
} from './folder-scan.ts';
import { DirectoryWatcher } from './folder-watcher.ts';
import type { IsIgnored } from './ignore-file.ts';
import { ManifestStore } from './manifest-store.ts';
import { PassTimer, type Deadline } from './pass-timer.ts';

/** Times in milliseconds; the defaults suit everything but tests. */
export interface DirectoryTiming {
  /** How long to wait after a sign of a change for further ones. */
  readonly debounceMs: number;
  /** How long a change that takes something away must stand before it is believed. */
  readonly confirmMs: number;
  /** How often everything is looked at without a sign. */
  readonly rescanMs: number;
  /** How often a folder that cannot be read, or cannot be watched, is looked at. */
  readonly retryMs: number;
}

/** `DirectorySettings`, and how messages name the folder: as the user wrote it. */
export interface DirectoryOptions extends DirectorySettings {
  readonly shownAs?: string;
  readonly timing?: Partial<DirectoryTiming>;
}

const defaultTiming: DirectoryTiming = { debounceMs: 25, confirmMs: 50, rescanMs: 30_000, retryMs: 1_000 };

/** A folder of manifests as a source. It is read when it is started, and watched from then on unless `watch` is false. */
export function createDirectorySource(name: string, options: DirectoryOptions, logger?: Logger): Source {
  return new DirectorySource(name, options, logger);
}

/** The problem of a folder that cannot be read as a whole. */
export function toFolderProblem(source: string, detail: string): Problem {
  const subject = { source, kind: 'Source', namespace: '', name: source };
  const hint = 'Create the folder, let the user that Fairlead runs as read it, or mend the path.';
  return toProblem('source-unreadable', subject, { message: `${detail}.`, hint });
}

class DirectorySource implements Source {
  readonly name: string;
  readonly #options: DirectoryOptions;
  readonly #timing: DirectoryTiming;
  readonly #logger: Logger | undefined;
  readonly #store: ManifestStore;
  readonly #watcher: DirectoryWatcher;
  readonly #timer: PassTimer;
  #listener: SourceListener | undefined;
  #state: SourceState = { kind: 'starting', detail: '' };
  #problems: readonly Problem[] = [];
  #changedFiles = new Set<string>();
  #everything = true;
  #isIgnored: IsIgnored = () => false;
  #isUnwatched = false;

  constructor(name: string, options: DirectoryOptions, logger?: Logger) {
    this.name = name;
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#logger = logger?.child({ source: name });
    this.#store = new ManifestStore(name, options.path, options.shownAs ?? options.path, () =>
      this.#timer.soon(),
    );
    this.#timer = new PassTimer((due) => this.#pass(due), this.#timing.debounceMs);
    this.#watcher = new DirectoryWatcher({
      file: (path) => {
        this.#changedFiles.add(path);
        this.#timer.soon();
      },
      unknown: () => this.#lookAtEverything(),
    });
  }

  start(listener: SourceListener): void {
    this.#listener = listener;
    this.#timer.within('whole', 0);
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    this.#watcher.close();
    await this.#store.stop();
    await this.#timer.stop();
    // A pass that was under way may have added a watch.
    this.#watcher.close();
  }

  locate(ref: ObjectRef, field: string): Promise<FileLocation | undefined> {
    return ref.source === this.name ? this.#store.locate(ref, field) : Promise.resolve(undefined);
  }

  #lookAtEverything(): void {
    this.#everything = true;
    this.#timer.soon();
  }

  async #pass(due: Deadline | undefined): Promise<void> {
    if (due === 'whole') this.#everything = true;
    try {
      if (!this.#everything && this.#state.kind === 'synced') await this.#readChanged();
      else await this.#readEverything();
      if (this.#listener === undefined) return;
      this.#deliver();
    } catch (error) {
      if (!(error instanceof DirectoryUnreadableError)) {
        this.#logger?.error({ err: error }, 'a pass over the folder failed');
      }
      // Nothing is lost: what follows is a whole scan, with new watches in case the folder is made again.
      this.#everything = true;
      this.#watcher.close();
      this.#fail(error instanceof Error ? error.message : String(error));
    }
    if (this.#options.watch || this.#state.kind !== 'synced') this.#planNext();
  }

  async #readEverything(): Promise<void> {
    this.#everything = false;
    this.#changedFiles = new Set();
    const { watch, path } = this.#options;
    const scan = await scanDirectory(path, (absolute, directory) => {
      if (watch && this.#listener !== undefined) this.#watcher.add(absolute, directory);
    });
    this.#isIgnored = scan.isIgnored;
    if (watch) this.#keepWatches(scan.directories);
    const gone = this.#store.toGone(scan.files, scan.unreadable);
    await this.#store.update({ files: scan.files, gone, named: false }, this.#toConfirmMs(), this.#isStopped);
  }

  /** Who runs out of watches is served all the same, a little later, and has to hear why. */
  #keepWatches(directories: DirectoryScan['directories']): void {
    this.#watcher.keep(directories);
    const { unwatched } = this.#watcher;
    if ((unwatched !== undefined) === this.#isUnwatched) return;
    this.#isUnwatched = unwatched !== undefined;
    if (unwatched === undefined) this.#logger?.info('all folders are watched again');
    else {
      const fields = { ...unwatched, everyMs: this.#timing.retryMs };
      this.#logger?.warn(fields, 'a folder cannot be watched; changes are looked for instead');
    }
  }

  async #readChanged(): Promise<void> {
    const paths = [...new Set([...this.#changedFiles, ...this.#store.doubted])]
      .filter((path) => !this.#isIgnored(path))
      .sort();
    this.#changedFiles = new Set();
    const files: ScannedFile[] = [];
    const gone: string[] = [];
    for (const path of paths) {
      const file = await scanFile(this.#options.path, path);
      if (file === 'unclear') this.#lookAtEverything();
      else if (file === undefined) gone.push(path);
      else files.push(file);
    }
    // The last file of a folder that goes is no different from one that is deleted; the folder itself must be asked.
    if (gone.length > 0) await this.#demandFolder();
    await this.#store.update({ files, gone, named: true }, this.#toConfirmMs(), this.#isStopped);
  }

  async #demandFolder(): Promise<void> {
    if ((await scanFile(this.#options.path, '')) === undefined) {
      throw new DirectoryUnreadableError(`The folder ${this.#options.path} has gone`);
    }
  }

  readonly #isStopped = (): boolean => this.#listener === undefined;

  /** On the first reading there is nothing to lose, and the answers wait for it. */
  #toConfirmMs(): number {
    return this.#state.kind !== 'starting' && this.#options.watch ? this.#timing.confirmMs : 0;
  }

  #deliver(): void {
    const changes = this.#store.takeChanges();
    if (changes.length > 0) {
      this.#logger?.debug({ changes: changes.length }, 'the folder has changed');
      this.#listener?.changed(changes);
    }
    this.#report(this.#store.problems());
    this.#setState({ kind: 'synced' });
  }

  #report(problems: readonly Problem[]): void {
    if (isDeepStrictEqual(problems, this.#problems)) return;
    this.#problems = problems;
    this.#listener?.problems(problems);
  }

  #fail(detail: string): void {
    const former = this.#problems.filter(({ subject }) => subject.kind !== 'Source');
    this.#report([toFolderProblem(this.name, detail), ...former]);
    const waiting = `${detail}; create it or mend the path of the source ${this.name}.`;
    if (this.#state.kind === 'starting') this.#setState({ kind: 'starting', detail: waiting });
    else if (this.#state.kind === 'stale') this.#setState({ ...this.#state, detail: waiting });
    else this.#setState({ kind: 'stale', since: new Date().toISOString(), detail: waiting });
  }

  #setState(state: SourceState): void {
    if (isDeepStrictEqual(state, this.#state)) return;
    this.#state = state;
    if (state.kind === 'synced') this.#logger?.info('the folder has been read');
    else this.#logger?.warn({ state: state.kind, detail: state.detail }, 'the folder cannot be read');
    this.#listener?.state(state);
  }

  #planNext(): void {
    const { confirmMs, retryMs, rescanMs } = this.#timing;
    const isWell = this.#state.kind === 'synced' && !this.#watcher.incomplete;
    this.#timer.within('whole', isWell ? rescanMs : retryMs);
    if (this.#store.doubted.length > 0) this.#timer.within('confirm', confirmMs);
  }
}
