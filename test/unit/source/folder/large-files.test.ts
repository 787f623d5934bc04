import { execFileSync } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { slowness } from '../../../support/slowness.ts';
import { limits } from '../../../../src/source/folder/limits.ts';
import { readDirectoryOnce } from './read-directory-once.ts';
import { createFolder, portOf, serviceYaml, until, watchStalls, watchSynced } from './support.ts';

const flow = `a: [${'{a: b},'.repeat(500_000)}]`;
const anchors = Array.from({ length: 150_000 }, (_, index) => `- &a${index} x\n- *a${index}`).join('\n');
const configMaps = JSON.stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: Array.from({ length: 20_000 }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `c${index}` },
    data: { a: 'x'.repeat(200) },
  })),
});

// The figures of the bombs are in the documentation; here is what a busy machine holds as well.
it.each([
  ['three files of flow mappings', [flow, flow, flow], 'yaml'],
  ['anchors', [anchors], 'yaml'],
  ['a list of 20,000 objects', [configMaps], 'json'],
  ['numbers', [`[${'1,'.repeat(5_000_000)}1]`], 'json'],
])(
  '%s hold up neither the process nor the change of another file',
  async (_, texts, ending) => {
    const folder = await createFolder();
    await writeFile(join(folder, 'good.yaml'), serviceYaml('good'));
    const watching = await watchSynced(folder);
    for (const [index, text] of texts.entries())
      await writeFile(join(folder, `bomb${index}.${ending}`), text);
    const endStall = watchStalls();
    const before = performance.now();
    for (let port = 81; port < 86; port += 1) {
      await writeFile(join(folder, 'good.yaml'), serviceYaml('good', port));
      await until(() => portOf(watching, 'good') === port);
    }
    const longest = endStall();
    expect(performance.now() - before).toBeLessThan(4_000 * slowness());
    expect(longest).toBeLessThan(1_000 * slowness());
  },
  30_000,
);

it('reads a large file like a small one: objects, problems with their lines, later changes', async () => {
  const folder = await createFolder();
  const filler = Array.from({ length: 1_500 }, (_, index) => serviceYaml(`s${index}`)).join('---\n');
  const write = async (name: string, port: number): Promise<void> => {
    await writeFile(join(folder, 'new'), `${filler}---\n${serviceYaml(name, port)}---\nkind: Service\n`);
    await rename(join(folder, 'new'), join(folder, 'large.yaml'));
  };
  await write('last', 80);
  const watching = await watchSynced(folder);
  expect(watching.objects.size).toBe(1_501);
  expect(watching.problems).toMatchObject([
    { code: 'object-malformed', location: { file: 'vms/large.yaml', line: 1_501 * 8 + 1, column: 1 } },
  ]);
  const ref = { source: 'vms', kind: 'Service', namespace: 'default', name: 's700' } as const;
  expect(await watching.source.locate(ref, 'spec.ports[0].port')).toMatchObject({
    line: 700 * 8 + 7,
    column: 7,
  });
  await write('last', 81);
  await until(() => portOf(watching, 'last') === 81);
  await write('other', 82);
  await until(() => portOf(watching, 'other') === 82 && !watching.objects.has('Service/default/last'));
}, 30_000);

it('refuses an object beyond its bound, and keeps what it was', async () => {
  const folder = await createFolder();
  const list = Array.from({ length: limits.objectValues }, () => '1').join();
  await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
  const watching = await watchSynced(folder);
  await writeFile(join(folder, 'a.yaml'), `# a comment\n${serviceYaml('a', 81)}status: [${list}]\n`);
  await until(() => watching.codes().includes('syntax-error'));
  expect(watching.problems).toMatchObject([
    { message: `The object has more than ${limits.objectValues} values`, location: { line: 2, column: 1 } },
  ]);
  expect(portOf(watching, 'a')).toBe(80);
}, 30_000);

it('reads no device and no pipe, as the folder or in it', async () => {
  const folder = await createFolder();
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
  const { objects, problems } = await readDirectoryOnce(folder, 'test');
  expect(objects).toHaveLength(1);
  expect(problems).toMatchObject([
    { code: 'source-unreadable', location: { file: join(folder, 'pipe.yaml') } },
  ]);
  const device = await readDirectoryOnce('/dev/zero', 'test');
  expect(device.problems).toMatchObject([
    { code: 'source-unreadable', message: '/dev/zero is a device, a pipe or a socket and no folder' },
  ]);
});
