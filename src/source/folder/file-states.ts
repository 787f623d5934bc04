import type { Problem } from '../../model/problem.ts';
import type { PassedOver } from './foreign-files.ts';
import type { ManifestEntry } from './manifest-file.ts';

/** The stamp of a look, or `gone`, and when it was seen first, on the clock of `performance.now`. */
export interface Doubt {
  readonly stamp: string;
  readonly since: number;
}

/** What is known of one file. */
export interface FileState {
  /** Of the content that `entries` and `problems` come from. */
  readonly stamp: string;
  readonly entries: readonly ManifestEntry[];
  readonly problems: readonly Problem[];
  /** Set while a look that takes something away waits to be confirmed. */
  readonly doubt?: Doubt;
  /** In bytes. */
  readonly size: number;
  /** How many values its objects have. */
  readonly values: number;
  /** How many objects it has, of whatever kind; a broken file counts as one. */
  readonly manifests: number;
  readonly passed?: PassedOver;
}

/** Of a file that has not been read yet. */
export const noState: FileState = { stamp: '', entries: [], problems: [], size: 0, values: 0, manifests: 0 };

/** The states of the files of a folder, by path, and what they come to. */
export class FileStates {
  readonly #states = new Map<string, FileState>();
  #size = 0;
  #values = 0;

  get(path: string): FileState | undefined {
    return this.#states.get(path);
  }

  set(path: string, state: FileState): void {
    this.delete(path);
    this.#states.set(path, state);
    this.#size += state.size;
    this.#values += state.values;
  }

  delete(path: string): void {
    const former = this.#states.get(path) ?? noState;
    this.#states.delete(path);
    this.#size -= former.size;
    this.#values -= former.values;
  }

  entries(): MapIterator<[string, FileState]> {
    return this.#states.entries();
  }

  /** Bytes and values of all files but one. */
  without(path: string): { readonly size: number; readonly values: number } {
    const { size, values } = this.#states.get(path) ?? noState;
    return { size: this.#size - size, values: this.#values - values };
  }
}
