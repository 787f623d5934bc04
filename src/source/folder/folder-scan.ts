import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareText } from '../../model/object-ref.ts';
import { ignoreFileName, readIgnoreFile, type IsIgnored } from './ignore-file.ts';

/** A manifest file as it stands on the disk. */
export interface ScannedFile {
  /** Its path inside the folder, with `/`. Empty when the folder is a single file. */
  readonly path: string;
  readonly absolute: string;
  /** Differs when the content may differ. */
  readonly stamp: string;
  readonly modifiedMs: number;
  readonly size: number;
}

/** A directory to watch. */
export interface ScannedDirectory {
  /** Its path inside the folder; absent for one outside that holds the target of a symbolic link. */
  readonly path?: string;
  readonly inode: string;
}

/** A part of the folder that cannot be read now. */
export interface UnreadablePart {
  readonly path: string;
  readonly reason: string;
}

/** What there is in a folder. */
export interface DirectoryScan {
  /** In the code-unit order of their paths. */
  readonly files: readonly ScannedFile[];
  /** By their absolute paths. */
  readonly directories: ReadonlyMap<string, ScannedDirectory>;
  readonly unreadable: readonly UnreadablePart[];
  readonly isIgnored: IsIgnored;
}

/** The folder itself is missing or cannot be read. The message says so in one sentence without a full stop. */
export class DirectoryUnreadableError extends Error {
  override readonly name = 'DirectoryUnreadableError';
}

interface Walk {
  readonly root: string;
  readonly files: ScannedFile[];
  readonly directories: Map<string, ScannedDirectory>;
  readonly unreadable: UnreadablePart[];
  readonly isIgnored: IsIgnored;
  /** Each directory is read once, however many links lead to it: links may form a circle. */
  readonly visited: Set<string>;
  /** Called with each directory before it is read, so that no change falls between reading and watching. */
  readonly before: (absolute: string, directory: ScannedDirectory) => void;
}

/** True for the names of files that are read: `.yaml`, `.yml` and `.json`, not hidden. */
export function isManifestName(name: string): boolean {
  return !name.startsWith('.') && /\.(?:ya?ml|json)$/.test(name);
}

/**
 * Lists the manifest files of a folder and of the folders in it, through symbolic links; hidden entries are passed over.
 * @throws DirectoryUnreadableError when the folder itself cannot be read.
 */
export async function scanDirectory(root: string, before: Walk['before'] = () => {}): Promise<DirectoryScan> {
  const { isIgnored, reason } = await readIgnoreFile(root);
  const unreadable = reason === undefined ? [] : [{ path: ignoreFileName, reason }];
  const walk: Walk = {
    root,
    files: [],
    directories: new Map(),
    unreadable,
    visited: new Set(),
    before,
    isIgnored,
  };
  let stats: Stats;
  try {
    stats = await stat(root);
    const isLink = (await lstat(root)).isSymbolicLink();
    // Only its parent tells that a link, or a single file, has been put in the place of another.
    if (isLink || stats.isFile()) await addOutside(walk, dirname(root));
    if (stats.isDirectory()) await walkDirectory(walk, '', stats);
  } catch (error) {
    throw new DirectoryUnreadableError(toReason(root, error), { cause: error });
  }
  if (stats.isFile()) walk.files.push(toScannedFile('', root, stats));
  else if (!stats.isDirectory())
    throw new DirectoryUnreadableError(`${root} is a device, a pipe or a socket and no folder`);
  walk.files.sort((a, b) => compareText(a.path, b.path));
  return walk;
}

/**
 * A file of the folder as it is now; undefined when it is gone, `unclear` when only a whole scan can tell: it is a
 * directory, or cannot be looked at.
 */
export async function scanFile(root: string, path: string): Promise<ScannedFile | 'unclear' | undefined> {
  const absolute = join(root, path);
  const stats = await lookAt(absolute);
  if (stats === 'gone') return undefined;
  if (typeof stats === 'string' || stats.isDirectory()) return 'unclear';
  return stats.isFile() ? toScannedFile(path, absolute, stats) : undefined;
}

async function walkDirectory(walk: Walk, path: string, stats: Stats): Promise<void> {
  const inode = toInode(stats);
  if (walk.visited.has(inode)) return;
  walk.visited.add(inode);
  const absolute = join(walk.root, path);
  addDirectory(walk, absolute, { path, inode });
  const entries = await readdir(absolute, { withFileTypes: true });
  const kept = entries.filter(({ name }) => !name.startsWith('.'));
  kept.sort((a, b) => compareText(a.name, b.name));
  // Looked at together: one after the other, 10,000 files take a second.
  const looks = await Promise.all(
    kept.map(async (entry) => {
      const isOther = !entry.isSymbolicLink() && !entry.isDirectory() && !isManifestName(entry.name);
      return isOther ? undefined : { entry, stats: await lookAt(join(absolute, entry.name)) };
    }),
  );
  for (const look of looks) {
    if (look === undefined || look.stats === 'gone') continue;
    const inside = path === '' ? look.entry.name : `${path}/${look.entry.name}`;
    await addEntry(walk, inside, look.entry, look.stats);
  }
}

async function addEntry(walk: Walk, path: string, entry: Dirent, stats: Stats | string): Promise<void> {
  const isDirectory = typeof stats !== 'string' && stats.isDirectory();
  if (walk.isIgnored(isDirectory ? `${path}/` : path)) return;
  if (typeof stats === 'string') walk.unreadable.push({ path, reason: stats });
  else if (stats.isDirectory()) await walkInside(walk, path, stats);
  else if (stats.isFile() && isManifestName(entry.name)) {
    const absolute = join(walk.root, path);
    walk.files.push(toScannedFile(path, absolute, stats));
    if (entry.isSymbolicLink()) await addTarget(walk, absolute);
  } else if (isManifestName(entry.name)) walk.unreadable.push({ path, reason: 'NOT_REGULAR' });
}

async function walkInside(walk: Walk, path: string, stats: Stats): Promise<void> {
  try {
    await walkDirectory(walk, path, stats);
  } catch (error) {
    walk.unreadable.push({ path, reason: toCode(error) });
  }
}

/** A link's own directory tells nothing when the file that it leads to is written. */
async function addTarget(walk: Walk, link: string): Promise<void> {
  try {
    await addOutside(walk, dirname(await realpath(link)));
  } catch {
    // It has gone between two looks; the scan that this causes sees it.
  }
}

async function addOutside(walk: Walk, absolute: string): Promise<void> {
  if (!walk.directories.has(absolute)) addDirectory(walk, absolute, { inode: toInode(await stat(absolute)) });
}

function addDirectory(walk: Walk, absolute: string, directory: ScannedDirectory): void {
  walk.directories.set(absolute, directory);
  walk.before(absolute, directory);
}

/** What there is under a path, through links; `gone` when there is nothing, else the code of the error. */
async function lookAt(path: string): Promise<Stats | string> {
  try {
    return await stat(path);
  } catch (error) {
    const code = toCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : code;
  }
}

function toScannedFile(path: string, absolute: string, stats: Stats): ScannedFile {
  const { mtimeMs, ctimeMs, size, ino } = stats;
  return {
    path,
    absolute,
    stamp: `${mtimeMs}:${ctimeMs}:${size}:${ino}`,
    modifiedMs: Math.max(mtimeMs, ctimeMs),
    size,
  };
}

/** Inode numbers are given out again, so the time of birth counts as well. */
function toInode({ dev, ino, birthtimeMs }: Stats): string {
  return `${dev}:${ino}:${birthtimeMs}`;
}

function toReason(root: string, error: unknown): string {
  const code = toCode(error);
  if (code === 'ENOENT') return `The folder ${root} does not exist`;
  if (code === 'EACCES' || code === 'EPERM') return `The folder ${root} must not be read by this user`;
  return `The folder ${root} cannot be read (${code})`;
}

function toCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
