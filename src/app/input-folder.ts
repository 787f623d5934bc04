import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './usage-error.ts';
import type { Io } from './io.ts';

/** What stands for standard input on a command line. */
const names: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** As much as one file may have. */
const maxBytes = 64 * 1024 * 1024;

/** Folders of a command line, with standard input as a file. */
export interface Inputs {
  readonly directories: readonly string[];
  /** The file that holds standard input; absent when it was not asked for. */
  readonly stream?: string;
  /** Removes that file. */
  remove(): Promise<void>;
}

/**
 * Writes what comes over standard input to a file that only this user can read, where a command line asks for it: a stream cannot be
 * read twice, and places in it are looked up later.
 * @throws UsageError when nothing comes.
 */
export async function toInputs(directories: readonly string[], io: Pick<Io, 'readInput'>): Promise<Inputs> {
  if (!directories.some((each) => names.has(each))) return { directories, remove: () => Promise.resolve() };
  const bytes = (await io.readInput?.(maxBytes)) ?? Buffer.alloc(0);
  if (bytes.length > maxBytes)
    throw new UsageError(`more than ${maxBytes} bytes came over standard input; divide them`);
  const text = bytes.toString();
  if (text.trim() === '') throw new UsageError('nothing came over standard input; pipe manifests into it');
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-'));
  const stream = join(folder, /^\s*[{[]/.test(text) ? 'stdin.json' : 'stdin.yaml');
  await writeFile(stream, bytes, { mode: 0o600 });
  return {
    directories: [...directories.filter((each) => !names.has(each)), stream],
    stream,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
