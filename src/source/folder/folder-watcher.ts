import { watch, type FSWatcher } from 'node:fs';
import { ignoreFileName } from './ignore-file.ts';
import { toErrorCode } from '../../lib/error-text.ts';
import { isManifestName, type ScannedDirectory } from './folder-scan.ts';

/** What a watcher saw: one file of the folder, or something that only a new scan can find out. */
export interface WatchListener {
  file(path: string): void;
  unknown(): void;
}

/** A folder that the system does not let be watched, and the code of its error, such as `ENOSPC`. */
export interface Unwatched {
  readonly folder: string;
  readonly code: string | undefined;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly inode: string;
}

/** One `fs.watch` for each directory. The recursive option follows no links and differs between systems. */
export class DirectoryWatcher {
  readonly #listener: WatchListener;
  readonly #watched = new Map<string, Watched>();
  /** Of the last attempt at each directory that is not watched. */
  readonly #refused = new Map<string, string | undefined>();

  constructor(listener: WatchListener) {
    this.#listener = listener;
  }

  /** Whether a directory could not be watched, so that changes in it must be looked for. */
  get incomplete(): boolean {
    return this.#refused.size > 0;
  }

  /** The first of them, unless it is only that they were not there any more. */
  get unwatched(): Unwatched | undefined {
    for (const [folder, code] of this.#refused) if (code !== 'ENOENT') return { folder, code };
    return undefined;
  }

  /** Watches a directory from now on. One that was replaced by another of the same name is watched again. */
  add(absolute: string, directory: ScannedDirectory): void {
    const known = this.#watched.get(absolute);
    if (known?.inode === directory.inode) return;
    known?.watcher.close();
    this.#watched.delete(absolute);
    try {
      const watcher = watch(absolute, (event, name) => this.#seen(directory.path, event, name));
      watcher.on('error', () => this.#lost(absolute, watcher));
      this.#watched.set(absolute, { watcher, inode: directory.inode });
      this.#refused.delete(absolute);
    } catch (error) {
      // Most often the system's limit of watches (fs.inotify.max_user_watches).
      this.#refused.set(absolute, toErrorCode(error));
    }
  }

  /** Stops watching what a whole scan did not find. */
  keep(directories: ReadonlyMap<string, ScannedDirectory>): void {
    for (const absolute of this.#refused.keys())
      if (!directories.has(absolute)) this.#refused.delete(absolute);
    for (const [absolute, { watcher }] of this.#watched) {
      if (directories.has(absolute)) continue;
      watcher.close();
      this.#watched.delete(absolute);
    }
  }

  close(): void {
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
    this.#refused.clear();
  }

  #seen(path: string | undefined, event: string, name: string | null): void {
    if (name === null || path === undefined) this.#listener.unknown();
    else if (path === '' && name === ignoreFileName) this.#listener.unknown();
    else if (isManifestName(name)) this.#listener.file(path === '' ? name : `${path}/${name}`);
    // Kubernetes swaps the link `..data` when a mounted ConfigMap changes; other hidden names are those of editors.
    else if (event === 'rename' && (!name.startsWith('.') || name.startsWith('..'))) this.#listener.unknown();
  }

  #lost(absolute: string, watcher: FSWatcher): void {
    watcher.close();
    if (this.#watched.get(absolute)?.watcher !== watcher) return;
    this.#watched.delete(absolute);
    this.#listener.unknown();
  }
}
