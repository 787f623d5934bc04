const newline = 0x0a;

/** Objects of a cluster are at most a few megabytes; a longer line is no watch event. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Splits a stream of bytes into its lines. Splitting bytes and not text keeps characters whole that stand in two
 * chunks. What follows the last newline is never returned: a stream that was cut ends in half an object.
 */
export class JsonLines {
  #parts: Uint8Array[] = [];
  #length = 0;
  readonly #most: number;

  constructor(most = mostBytes) {
    this.#most = most;
  }

  /** Takes the next chunk, and returns the lines that it completes, without empty ones. @throws RangeError for an endless line. */
  push(chunk: Uint8Array): readonly string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#keep(chunk.subarray(start, end));
      const line = this.#take();
      if (line !== '') lines.push(line);
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length > this.#most) throw new RangeError(`a line of more than ${this.#most} bytes`);
  }

  #take(): string {
    const line = Buffer.concat(this.#parts, this.#length).toString('utf8');
    this.#parts = [];
    this.#length = 0;
    return line.trim();
  }
}
