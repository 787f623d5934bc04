import { appendFile, chmod, mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createFolder,
  pause,
  portOf,
  serviceYaml,
  until,
  watchFolder,
  watchStalls,
  watchSynced,
} from './support.ts';
import { slowness } from '../../../support/slowness.ts';

describe('reading a folder', () => {
  it('delivers everything in one batch, then is synced', async () => {
    const folder = await createFolder();
    await mkdir(join(folder, 'deep/er'), { recursive: true });
    await writeFile(join(folder, 'a.yaml'), `${serviceYaml('a1')}---\n${serviceYaml('a2')}`);
    await writeFile(join(folder, 'deep/er/b.yml'), serviceYaml('b'));
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'c' } }],
    };
    await writeFile(join(folder, 'c.json'), JSON.stringify(list));
    await writeFile(join(folder, 'README.md'), 'not a manifest');
    await writeFile(join(folder, '.hidden.yaml'), serviceYaml('hidden'));
    const watching = await watchSynced(folder);
    expect([...watching.objects.keys()].sort()).toEqual([
      'Secret/default/c',
      'Service/default/a1',
      'Service/default/a2',
      'Service/default/b',
    ]);
    expect(watching.batches).toHaveLength(1);
    expect(watching.problems).toEqual([]);
    expect(watching.states).toEqual([{ kind: 'synced' }]);
  });

  it('follows links to files and folders, also in a circle', async () => {
    const folder = await createFolder();
    const outside = await createFolder();
    await writeFile(join(outside, 'x.yaml'), serviceYaml('x'));
    await mkdir(join(outside, 'more'));
    await writeFile(join(outside, 'more/y.yaml'), serviceYaml('z'));
    await symlink(join(outside, 'x.yaml'), join(folder, 'link.yaml'));
    await symlink(join(outside, 'more'), join(folder, 'linked'));
    await symlink(folder, join(outside, 'more/back'));
    await symlink('/nowhere/at/all', join(folder, 'dangling.yaml'));
    const watching = await watchSynced(folder);
    expect([...watching.objects.keys()]).toEqual(['Service/default/x', 'Service/default/z']);
    await writeFile(join(outside, 'x.yaml'), serviceYaml('x', 81));
    await until(() => portOf(watching, 'x') === 81);
  });

  it('reads once, and no more, without watching', async () => {
    const folder = await createFolder();
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    const watching = watchFolder(folder, { debounceMs: 1, rescanMs: 5 }, false);
    await until(() => watching.states.length === 1);
    await writeFile(join(folder, 'b.yaml'), serviceYaml('b'));
    await pause(60);
    expect([...watching.objects.keys()]).toEqual(['Service/default/a']);
  });

  it('does not call its listener after it was stopped', async () => {
    const folder = await createFolder();
    for (let index = 0; index < 200; index += 1) {
      await writeFile(join(folder, `${index}.yaml`), serviceYaml(`s${index}`));
    }
    const watching = watchFolder(folder);
    await pause(3);
    await watching.source.stop();
    const reported = watching.batches.length;
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    await pause(60);
    expect(watching.batches).toHaveLength(reported);
  });
});

describe('a change', () => {
  it('is delivered as the difference only', async () => {
    const folder = await createFolder();
    const file = join(folder, 'a.yaml');
    await writeFile(file, `${serviceYaml('a')}---\n${serviceYaml('b')}`);
    const watching = await watchSynced(folder);
    await writeFile(file, `# a comment\n${serviceYaml('a')}---\n${serviceYaml('b', 81)}`);
    await until(() => watching.batches.length === 2);
    expect(watching.batches[1]).toMatchObject([{ kind: 'set', object: { meta: { ref: { name: 'b' } } } }]);
  });

  it('is not delivered when the content stays the same', async () => {
    const folder = await createFolder();
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    const watching = await watchSynced(folder);
    await writeFile(join(folder, 'a.yaml'), `${serviceYaml('a')}\n# the same\n`);
    await writeFile(join(folder, 'b.yaml'), serviceYaml('b'));
    await until(() => watching.objects.size === 2);
    expect(watching.batches).toHaveLength(2);
    expect(watching.batches[1]).toHaveLength(1);
  });

  it('reaches the listener within a fraction of a second, also in new folders', async () => {
    const folder = await createFolder();
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    const watching = await watchSynced(folder);
    const before = performance.now();
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a', 81));
    await until(() => portOf(watching, 'a') === 81);
    expect(performance.now() - before).toBeLessThan(500 * slowness());
    await mkdir(join(folder, 'new'));
    await writeFile(join(folder, 'new/b.yaml'), serviceYaml('b'));
    await until(() => portOf(watching, 'b') === 80);
    await writeFile(join(folder, 'new/b.yaml'), serviceYaml('b', 81));
    await until(() => portOf(watching, 'b') === 81);
  });

  it('is seen by the safety scan when no watch tells of it', async () => {
    const folder = await createFolder();
    const target = await createFolder();
    await mkdir(join(target, 'd'));
    await writeFile(join(target, 'd/a.yaml'), serviceYaml('a'));
    await symlink(join(target, 'd'), join(folder, 'd'));
    const watching = await watchSynced(folder, { rescanMs: 50 });
    // The link stays the same, and so does the folder that holds it.
    await rename(join(target, 'd'), join(target, 'old'));
    await mkdir(join(target, 'd'));
    await writeFile(join(target, 'd/a.yaml'), serviceYaml('a', 81));
    await until(() => portOf(watching, 'a') === 81);
  });

  it('of a file that is deleted takes its objects away', async () => {
    const folder = await createFolder();
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    await writeFile(join(folder, 'b.yaml'), serviceYaml('b'));
    const watching = await watchSynced(folder);
    const before = performance.now();
    await unlink(join(folder, 'a.yaml'));
    await until(() => !watching.objects.has('Service/default/a'));
    expect(performance.now() - before).toBeLessThan(1_000 * slowness());
    expect([...watching.objects.keys()]).toEqual(['Service/default/b']);
  });

  it('of a file that is renamed changes nothing', async () => {
    const folder = await createFolder();
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    const watching = await watchSynced(folder);
    await rename(join(folder, 'a.yaml'), join(folder, 'b.yaml'));
    await pause(200);
    expect(watching.batches).toHaveLength(1);
    expect(watching.problems).toEqual([]);
    await writeFile(join(folder, 'b.yaml'), serviceYaml('a', 81));
    await until(() => portOf(watching, 'a') === 81);
  });
});

describe('saving', () => {
  it('by removing and renaming, as editors do, takes nothing away', async () => {
    const folder = await createFolder();
    const file = join(folder, 'a.yaml');
    await writeFile(file, serviceYaml('a'));
    const watching = await watchSynced(folder);
    for (let port = 81; port < 86; port += 1) {
      await writeFile(join(folder, '.a.yaml.swp'), serviceYaml('a', port));
      await unlink(file);
      await pause(30);
      await rename(join(folder, '.a.yaml.swp'), file);
      await until(() => portOf(watching, 'a') === port);
    }
    expect(watching.batches.flat().filter(({ kind }) => kind === 'delete')).toEqual([]);
  });

  it('in parts takes nothing away and tells of no fault on the way', async () => {
    const folder = await createFolder();
    const file = join(folder, 'a.yaml');
    await writeFile(file, `${serviceYaml('a')}---\n${serviceYaml('b')}`);
    const watching = await watchSynced(folder);
    const text = `${serviceYaml('a', 81)}---\n${serviceYaml('b', 81)}`;
    await writeFile(file, '');
    for (let at = 0; at < text.length; at += 20) {
      await appendFile(file, text.slice(at, at + 20));
      await pause(15);
      expect(watching.codes()).toEqual([]);
    }
    await until(() => portOf(watching, 'a') === 81 && portOf(watching, 'b') === 81);
    expect(watching.batches.flat().filter(({ kind }) => kind === 'delete')).toEqual([]);
  });

  it('to a mounted ConfigMap is seen when the link ..data is swapped', async () => {
    const folder = await createFolder();
    const write = async (version: string, port: number): Promise<void> => {
      await mkdir(join(folder, `..${version}`));
      await writeFile(join(folder, `..${version}/app.yaml`), serviceYaml('app', port));
      await symlink(`..${version}`, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await write('2026_1', 80);
    await symlink('..data/app.yaml', join(folder, 'app.yaml'));
    const watching = await watchSynced(folder);
    expect(portOf(watching, 'app')).toBe(80);
    for (const port of [81, 82, 83]) {
      await write(`2026_${port}`, port);
      await rm(join(folder, `..2026_${port - 1}`), { recursive: true, force: true });
      await until(() => portOf(watching, 'app') === port);
    }
    expect(watching.objects.size).toBe(1);
    expect(watching.batches.flat().filter(({ kind }) => kind === 'delete')).toEqual([]);
  });
});

describe('a fault', () => {
  it('in a file keeps its last good objects, and tells the line and column', async () => {
    const folder = await createFolder();
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    await writeFile(join(folder, 'never.yaml'), 'kind: [');
    const watching = await watchSynced(folder);
    expect(watching.problems).toMatchObject([
      { code: 'syntax-error', location: { file: 'vms/never.yaml', line: 1 } },
    ]);
    await writeFile(join(folder, 'a.yaml'), 'kind: Service\nspec: {a: b\nmore: [\n');
    await writeFile(join(folder, 'b.yaml'), serviceYaml('b'));
    await until(() => watching.problems.length === 2);
    expect(watching.problems[0]).toMatchObject({
      subject: { source: 'vms', kind: 'File', name: 'vms/a.yaml' },
      location: { file: 'vms/a.yaml', line: 2 },
    });
    expect([...watching.objects.keys()]).toEqual(['Service/default/a', 'Service/default/b']);
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a', 81));
    await until(() => portOf(watching, 'a') === 81 && watching.problems.length === 1);
  });

  it('in one object of a file keeps the last good state of that object only', async () => {
    const folder = await createFolder();
    const file = join(folder, 'a.yaml');
    const good = `${serviceYaml('a')}---\n${serviceYaml('b')}`;
    await writeFile(file, good);
    const watching = await watchSynced(folder);
    const bad = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: wrong\n---\n';
    await writeFile(file, `${bad}${serviceYaml('b', 81)}---\n${bad.replace('name: a', 'name: new')}`);
    await until(() => portOf(watching, 'b') === 81);
    expect([...watching.objects.keys()]).toEqual(['Service/default/a', 'Service/default/b']);
    await until(() => watching.problems.length === 2);
    expect(watching.problems).toMatchObject([
      { code: 'object-malformed', field: 'spec', subject: { name: 'a' }, location: { line: 4, column: 1 } },
      { code: 'object-malformed', field: 'spec', subject: { name: 'new' } },
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('of access keeps what was read before', async () => {
    const folder = await createFolder();
    const file = join(folder, 'a.yaml');
    await writeFile(file, serviceYaml('a'));
    const watching = await watchSynced(folder);
    await chmod(file, 0o000);
    await until(() => watching.codes().includes('source-unreadable'));
    expect(watching.objects.size).toBe(1);
    await chmod(file, 0o600);
    await until(() => watching.problems.length === 0);
  });

  it('of a file or a folder that cannot be looked at keeps what was read before', async () => {
    const folder = await createFolder();
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    await writeFile(join(folder, 'sub/b.yaml'), serviceYaml('b'));
    const watching = await watchSynced(folder);
    // A link to itself: there is something, but nobody can tell what.
    for (const name of ['a.yaml', 'sub']) {
      await rm(join(folder, name), { recursive: true });
      await symlink(name, join(folder, name));
    }
    await until(() => watching.problems.length === 2);
    await pause(150);
    expect(watching.problems).toMatchObject([
      { code: 'source-unreadable', subject: { name: 'vms/a.yaml' } },
      { code: 'source-unreadable', subject: { name: 'vms/sub' } },
    ]);
    expect([...watching.objects.keys()]).toEqual(['Service/default/a', 'Service/default/b']);
    await rm(join(folder, 'a.yaml'));
    await until(() => !watching.objects.has('Service/default/a') && watching.problems.length === 1);
    expect(watching.problems).toMatchObject([{ subject: { name: 'vms/sub' } }]);
  });

  it('of one file that has become too large keeps its objects', async () => {
    const folder = await createFolder();
    const file = join(folder, 'a.yaml');
    await writeFile(file, serviceYaml('a'));
    const watching = await watchSynced(folder);
    await writeFile(file, `${serviceYaml('a', 81)}${'# filler\n'.repeat(500_000)}`);
    await until(() => watching.codes().includes('syntax-error'));
    expect(portOf(watching, 'a')).toBe(80);
  });
});

describe('the folder itself', () => {
  it('may come later', async () => {
    const folder = join(await createFolder(), 'later');
    const watching = watchFolder(folder, { retryMs: 20 });
    await until(() => watching.states.length === 1);
    expect(watching.states[0]).toMatchObject({ kind: 'starting' });
    expect(watching.problems).toMatchObject([
      { code: 'source-unreadable', subject: { kind: 'Source', name: 'vms' } },
    ]);
    await mkdir(folder);
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    await until(() => portOf(watching, 'a') === 80 && watching.states.at(-1)?.kind === 'synced');
    expect(watching.problems).toEqual([]);
  });

  it('keeps its last good state when it vanishes, and is watched again when it is back', async () => {
    const folder = join(await createFolder(), 'folder');
    await mkdir(folder);
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a'));
    const watching = await watchSynced(folder, { retryMs: 20 });
    await rename(folder, `${folder}-away`);
    await rm(`${folder}-away`, { recursive: true });
    await until(() => watching.states.at(-1)?.kind === 'stale');
    expect(watching.states.at(-1)).toMatchObject({ since: expect.stringMatching(/Z$/) });
    expect(watching.objects.size).toBe(1);
    await mkdir(folder);
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a', 81));
    await until(() => portOf(watching, 'a') === 81);
    await writeFile(join(folder, 'a.yaml'), serviceYaml('a', 82));
    await until(() => portOf(watching, 'a') === 82);
    expect(watching.states.at(-1)).toEqual({ kind: 'synced' });
  });

  it('may be a link that is turned to another folder', async () => {
    const parent = await createFolder();
    for (const [name, port] of [
      ['one', 80],
      ['two', 81],
    ] as const) {
      await mkdir(join(parent, name));
      await writeFile(join(parent, name, 'a.yaml'), serviceYaml('a', port));
    }
    const link = join(parent, 'current');
    await symlink('one', link);
    const watching = await watchSynced(link);
    await symlink('two', `${link}-new`);
    await rename(`${link}-new`, link);
    await until(() => portOf(watching, 'a') === 81);
  });
});

it('reads thousands of files without holding up the process', async () => {
  const folder = await createFolder();
  const count = 3_000;
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      writeFile(join(folder, `${index}.yaml`), serviceYaml(`s${index}`)),
    ),
  );
  const endStall = watchStalls();
  const watching = await watchSynced(folder);
  const longest = endStall();
  expect(watching.objects.size).toBe(count);
  expect(longest).toBeLessThan(300 * slowness());
  const before = performance.now();
  await writeFile(join(folder, '7.yaml'), serviceYaml('s7', 81));
  await until(() => portOf(watching, 's7') === 81);
  expect(performance.now() - before).toBeLessThan(1_000 * slowness());
  expect(watching.batches).toHaveLength(2);
}, 20_000);
