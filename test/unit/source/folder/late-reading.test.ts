import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { scanFile, type ScannedFile } from '../../../../src/source/folder/folder-scan.ts';
import { ManifestStore } from '../../../../src/source/folder/manifest-store.ts';
import { createFolder, serviceYaml, until } from './support.ts';

it('a large file that is read to its end after a newer one in its place takes nothing back', async () => {
  const folder = await createFolder();
  let arrived = 0;
  const store = new ManifestStore('vms', folder, 'vms', () => (arrived += 1));
  const filler = Array.from({ length: 6_000 }, (_, index) => serviceYaml(`s${index}`)).join('---\n');
  const write = async (text: string): Promise<void> => {
    await writeFile(join(folder, 'new'), text);
    await rename(join(folder, 'new'), join(folder, 'a.yaml'));
  };
  const look = async (): Promise<void> => {
    const file: ScannedFile | 'unclear' | undefined = await scanFile(folder, 'a.yaml');
    if (file === undefined || file === 'unclear') throw new Error('the file is not there');
    await store.update({ files: [file], gone: [], named: true }, 1, () => false);
  };
  const names = (): readonly string[] => {
    store.takeChanges();
    return store.objects().map(({ meta }) => meta.ref.name);
  };
  try {
    // The thread that reads large files is started with the first of them.
    await write(`${serviceYaml('web', 80)}---\n${filler}`);
    await look();
    await until(() => arrived === 1);
    await write(`${serviceYaml('web', 81)}---\n${filler}`);
    await look();
    // It has been opened by then, and takes much longer.
    await sleep(60);
    expect(arrived).toBe(1);
    await write(serviceYaml('web', 82));
    // What takes objects away has to be seen twice.
    await look();
    await sleep(5);
    await look();
    expect(names()).toEqual(['web']);
    await until(() => arrived === 2);
    expect(names()).toEqual(['web']);
  } finally {
    await store.stop();
  }
}, 30_000);
