import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { toErrorCode } from './error-text.ts';

/** The files that this process has written, few and always the same, with the end of what was removed before each. */
const written = new Map<string, Promise<void>>();

/**
 * Replaces a file as a whole, with mode 0600. At every moment, also after a power cut, the file is the
 * old one or the new one. When it resolves, the new one is durable; when it rejects before the
 * replacement, the old one stands. Only for whoever is the only one to write the file: what a killed process left of it is removed with the
 * first replacement, or a program that is killed often would fill the disk.
 * @param content The bytes, or a text that comes piece by piece, so that a long one need not be in memory at once.
 */
export async function writeDurably(
  file: string,
  content: Uint8Array | AsyncGenerator<string>,
): Promise<void> {
  // That it cannot be looked for does not keep the new one back.
  const removal = written.get(file) ?? removeLeftOvers(file).catch(() => undefined);
  written.set(file, removal);
  await removal;
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await writeFile(handle, content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {
      // What failed first is what matters; a left-over is removed at the next start.
    });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Makes a rename durable: the name of a file belongs to its folder. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Some file systems, and Windows, cannot sync a folder, and need not.
    if (!['EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'].includes(toErrorCode(error) ?? '')) throw error;
  }
}

/** Removes what a killed process left of `writeDurably`. Only for the owner of the file. */
export async function removeLeftOvers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  for (const name of await readdir(folder)) {
    const leftOver = name.startsWith(start) && /^[\da-f]{12}\.tmp$/.test(name.slice(start.length));
    if (leftOver) await rm(path.join(folder, name), { force: true });
  }
}
