import { join } from 'node:path';
import ignore from 'ignore';
import { toErrorCode } from '../../lib/error-text.ts';
import { readRegularFile } from '../../lib/read-regular-file.ts';

/** Whether a path inside the folder is left out; one of a folder ends with `/`. */
export type IsIgnored = (path: string) => boolean;

/** In the folder itself, written like a `.gitignore`. */
export const ignoreFileName = '.fairleadignore';
const maxBytes = 64 * 1024;

/** Reads what a folder leaves out. Nothing when there is no such file, or when it cannot be read, for the `reason` that is given then. */
export async function readIgnoreFile(
  root: string,
): Promise<{ readonly isIgnored: IsIgnored; readonly reason?: string }> {
  try {
    const rules = ignore().add((await readRegularFile(join(root, ignoreFileName), maxBytes)).toString());
    return { isIgnored: (path) => rules.ignores(path) };
  } catch (error) {
    const code = toErrorCode(error) ?? 'no list of patterns';
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES';
    return { isIgnored: () => false, ...(!isAbsent && { reason: code }) };
  }
}
