import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../random.ts';
import type { EventKind } from '../schedule.ts';
import type { ManifestFolder } from './manifest-folder.ts';

/** So long that a reader is in the midst of it. */
const paddingBytes = 400_000;
const padding = `# ${'x'.repeat(78)}\n`.repeat(paddingBytes / 81);

/** What happens to the folders of manifests. */
export function listFolderEvents(folders: readonly ManifestFolder[], random: Random): readonly EventKind[] {
  const inTurn = (act: (folder: ManifestFolder) => Promise<void>) => async (): Promise<void> =>
    act(random.pick(folders));
  return [
    {
      name: 'folder removed and made again',
      share: 2,
      run: inTurn(async (folder) => {
        folder.remove();
        await sleep(random.pick([0, 100, 1_500]));
        folder.restore();
      }),
    },
    {
      name: 'file replaced in mid-read',
      share: 3,
      run: inTurn((folder) => replaceSlowly(folder, random)),
    },
    {
      name: 'file of another kind in its place',
      share: 1,
      run: inTurn((folder) => replaceByOther(folder, random)),
    },
    {
      name: 'broken manifest in a folder',
      share: 2,
      run: inTurn(async (folder) => {
        const name = folder.pick();
        const text = folder.toText(name);
        writeFileSync(
          join(folder.path, name),
          text.slice(0, text.length / 2).replace('metadata', '\tmetadata'),
        );
        await sleep(200);
        folder.put(name, text);
      }),
    },
  ];
}

/** Written in place, piece by piece, and replaced while somebody reads it. */
async function replaceSlowly(folder: ManifestFolder, random: Random): Promise<void> {
  const name = folder.pick();
  const path = join(folder.path, name);
  const text = `${padding}${folder.toText(name)}`;
  writeFileSync(path, '');
  const pieces = 4;
  for (let piece = 0; piece < pieces; piece += 1) {
    const size = Math.ceil(text.length / pieces);
    appendFileSync(path, text.slice(piece * size, (piece + 1) * size));
    await sleep(random.below(40));
  }
  folder.wrote(name, text);
  // Three versions in a row, each while the one before it may be read.
  for (let version = 0; version < 3; version += 1) {
    folder.put(name, folder.toText(name));
    await sleep(random.below(30));
  }
}

/** A folder, a pipe, a link to nowhere, a file of binary zeros. */
async function replaceByOther(folder: ManifestFolder, random: Random): Promise<void> {
  const name = folder.pick();
  const path = join(folder.path, name);
  const text = folder.toText(name);
  rmSync(path, { force: true });
  const makers = [
    () => mkdirSync(path),
    () => spawnSync('mkfifo', [path]),
    () => symlinkSync('/nowhere', path),
    () => writeFileSync(path, Buffer.alloc(1_000)),
  ];
  random.pick(makers)();
  await sleep(300);
  rmSync(path, { recursive: true, force: true });
  folder.put(name, text);
}
