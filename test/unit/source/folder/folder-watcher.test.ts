import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DirectoryWatcher } from '../../../../src/source/folder/folder-watcher.ts';
import { createFolder } from './support.ts';

const directory = { path: '', inode: '1' };

/** A path that nobody can watch as long as there is a file in its way. */
async function block() {
  const folder = await createFolder();
  const path = join(folder, 'file/below');
  await writeFile(join(folder, 'file'), '');
  const watcher = new DirectoryWatcher({ file: () => undefined, unknown: () => undefined });
  watcher.add(path, directory);
  return { folder, path, watcher };
}

it('names what it cannot watch until it is not there any more', async () => {
  const { path, watcher } = await block();
  watcher.keep(new Map([[path, directory]]));
  expect(watcher.incomplete).toBe(true);
  expect(watcher.unwatched).toEqual({ folder: path, code: 'ENOTDIR' });
  watcher.keep(new Map());
  expect(watcher.incomplete).toBe(false);
  expect(watcher.unwatched).toBeUndefined();
});

it('or until it can be watched', async () => {
  const { folder, watcher } = await block();
  const path = join(folder, 'other');
  watcher.add(path, directory);
  await mkdir(path);
  watcher.add(path, directory);
  watcher.keep(new Map([[path, directory]]));
  expect(watcher.incomplete).toBe(false);
  watcher.close();
});

it('does not name what has gone meanwhile, which is looked for all the same', async () => {
  const folder = await createFolder();
  const watcher = new DirectoryWatcher({ file: () => undefined, unknown: () => undefined });
  watcher.add(join(folder, 'gone'), directory);
  expect(watcher.incomplete).toBe(true);
  expect(watcher.unwatched).toBeUndefined();
});
