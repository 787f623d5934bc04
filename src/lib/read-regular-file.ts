import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** A path leads to something that is not read: a device, a pipe, a socket or a folder, or a file beyond the limit. */
export class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError';
  readonly code: 'EISDIR' | 'NOT_REGULAR' | 'TOO_LARGE';

  constructor(code: FileRefusedError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Without it, opening a pipe that nobody writes to would wait for ever. A regular file does not mind. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const largestChunk = 1 << 20;
/** A file that is written in place while it is read is read again, this many times at most. */
const maxAttempts = 3;

/**
 * The bytes of a regular file, as they were at one moment as far as that can be seen: a file that changes while it is read is read again.
 * A device or a pipe is refused before anything is read from it, and never more than `limit` bytes are held.
 * @throws FileRefusedError, and the errors of the system.
 */
export async function readRegularFile(path: string, limit: number): Promise<Buffer> {
  for (let attempt = 1; ; attempt += 1) {
    const handle = await open(path, flags);
    try {
      const before = await handle.stat();
      check(before, path, limit);
      const bytes = await readAll(handle, before, path, limit);
      if (attempt === maxAttempts || isSame(before, await handle.stat())) return bytes;
    } finally {
      await handle.close();
    }
  }
}

/** Opens a regular file of at most `limit` bytes for reading. @throws FileRefusedError, and the errors of the system. */
export async function openRegularFile(path: string, limit: number): Promise<FileHandle> {
  const handle = await open(path, flags);
  try {
    check(await handle.stat(), path, limit);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** As `readRegularFile`, in one go. For small files at the start of the program. */
export function readRegularFileSync(path: string, limit: number): Buffer {
  const file = openSync(path, flags);
  try {
    const stats = fstatSync(file);
    check(stats, path, limit);
    const chunkSize = toChunkSize(stats);
    const chunks: Buffer[] = [];
    for (let total = 0; ;) {
      const chunk = Buffer.allocUnsafe(chunkSize);
      const count = readSync(file, chunk, 0, chunkSize, null);
      if (count === 0) return Buffer.concat(chunks, total);
      total += count;
      checkSize(total, path, limit);
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

/** @throws FileRefusedError when something is there and is no regular file. What is not there is no mistake here. */
export function demandRegular(stats: Stats, path: string): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new FileRefusedError('EISDIR', `${path} is a folder`);
  throw new FileRefusedError('NOT_REGULAR', `${path} is a device, a pipe or a socket`);
}

async function readAll(handle: FileHandle, stats: Stats, path: string, limit: number): Promise<Buffer> {
  const chunkSize = toChunkSize(stats);
  const chunks: Buffer[] = [];
  for (let total = 0; ;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkSize));
    if (bytesRead === 0) return Buffer.concat(chunks, total);
    total += bytesRead;
    checkSize(total, path, limit);
    chunks.push(buffer.subarray(0, bytesRead));
    // The end has been seen: there was room for more.
    if (bytesRead < chunkSize && total === stats.size) return Buffer.concat(chunks, total);
  }
}

function check(stats: Stats, path: string, limit: number): void {
  demandRegular(stats, path);
  checkSize(stats.size, path, limit);
}

function checkSize(size: number, path: string, limit: number): void {
  if (size <= limit) return;
  throw new FileRefusedError('TOO_LARGE', `${path} has more than ${limit} bytes`);
}

/** One byte more than the file says it has: the end is seen by the second read. Files of /proc say 0, and others may grow. */
function toChunkSize({ size }: Stats): number {
  return Math.min(largestChunk, Math.max(size, 4_095) + 1);
}

function isSame(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}
