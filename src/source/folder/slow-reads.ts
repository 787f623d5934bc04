import type { ScannedFile } from './folder-scan.ts';

/** The large files of a folder that wait to be read, one after the other, while everything else goes on. */
export class SlowReads {
  readonly #read: (file: ScannedFile) => Promise<void>;
  readonly #waiting = new Map<string, ScannedFile>();
  #running: Promise<void> | undefined;

  /** `read` must not reject. */
  constructor(read: (file: ScannedFile) => Promise<void>) {
    this.#read = read;
  }

  /** Queues a file. One that waits already is read as it is then. */
  add(file: ScannedFile): void {
    this.#waiting.set(file.path, file);
    this.#running ??= this.#run();
  }

  /** Takes a file out of the queue. */
  forget(path: string): void {
    this.#waiting.delete(path);
  }

  /** Empties the queue. */
  clear(): void {
    this.#waiting.clear();
  }

  /** Resolves when all that has been queued is read. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is added meanwhile is taken as well.
    for (const [path, file] of this.#waiting) {
      this.#waiting.delete(path);
      await this.#read(file);
    }
    this.#running = undefined;
  }
}
