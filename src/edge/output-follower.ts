import { open, stat, truncate } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { SerialQueue } from '../lib/serial-queue.ts';

/** A line is cut off here. */
const longestLine = 2_000;
const chunkSize = 64 * 1024;
/** What has been read is thrown away when there is this much of it. */
const largestFile = 1 << 20;

/**
 * Follows what a process appends to a file. A pipe would be simpler, and would end the process with its first line after the end
 * of the reader.
 */
export class OutputFollower {
  readonly #file: string;
  readonly #onLine: (line: string) => void;
  readonly #queue = new SerialQueue();
  readonly #decoder = new StringDecoder('utf8');
  #offset: number;
  #rest = '';

  constructor(file: string, from: number, onLine: (line: string) => void) {
    this.#file = file;
    this.#offset = from;
    this.#onLine = onLine;
  }

  /** Reads what is new. Only whole lines are passed on, each at most 2,000 characters of it. @throws The errors of the file system. */
  read(): Promise<void> {
    return this.#queue.run(() => this.#readNew());
  }

  async #readNew(): Promise<void> {
    const handle = await open(this.#file, 'r').catch(() => undefined);
    if (handle === undefined) return;
    const buffer = Buffer.allocUnsafe(chunkSize);
    try {
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, chunkSize, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        this.#take(this.#decoder.write(buffer.subarray(0, bytesRead)));
      }
    } finally {
      await handle.close();
    }
    // The process appends: it goes on at the new end.
    if (this.#offset > largestFile) {
      await truncate(this.#file);
      this.#offset = 0;
    }
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) if (line !== '') this.#onLine(line.slice(0, longestLine));
  }
}

/** The length of a file; 0 of one that is not there. */
export async function readLength(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
