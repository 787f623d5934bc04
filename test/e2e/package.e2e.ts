import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChild } from './support/child.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { buildFairlead, hideOwnVariables, projectRoot, type CommandResult } from './support/fairlead.ts';
import { findFreePort } from './support/local-address.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

const npm = join(process.execPath, '../npm');
const mostBytes = 10_000_000;
let root = '';
/** The folder of the installed package. */
let installed = '';

/** Runs a program; any exit status resolves. */
function runProgram(
  file: string,
  args: readonly string[],
  { cwd = root, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandResult> {
  const options = { cwd, env: { ...process.env, ...hideOwnVariables(), ...env }, timeout: 120_000 };
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (child.exitCode !== null) resolve({ status: child.exitCode, stdout, stderr });
      else reject(new Error(`${file} ${args.join(' ')} did not end:\n${stderr}`, { cause: error }));
    });
  });
}

/** Runs what the package puts on the PATH of its user. */
function runInstalled(...args: readonly string[]): Promise<CommandResult> {
  return runProgram(join(root, 'prefix/bin/fairlead'), args);
}

function sizeOf(folder: string): number {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  return paths
    .map((path) => statSync(path))
    .reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);
}

// As a user does it, with nothing on the network and no scripts.
beforeAll(async () => {
  if (!existsSync(npm)) throw new Error(`there is no npm beside ${process.execPath}`);
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  root = temp.path;
  await buildFairlead();
  const packed = await runProgram(npm, ['pack', '--ignore-scripts', '--pack-destination', root], {
    cwd: projectRoot,
  });
  const tarball = join(root, packed.stdout.trim().split('\n').at(-1) ?? '');
  const before = performance.now();
  const flags = ['--global', '--offline', '--ignore-scripts', '--cache', join(root, 'cache')];
  const result = await runProgram(npm, ['install', ...flags, '--prefix', join(root, 'prefix'), tarball]);
  const took = Math.round(performance.now() - before);
  expect(result).toMatchObject({ status: 0 });
  installed = join(root, 'prefix/lib/node_modules/fairlead');
  console.log(
    `The package: ${statSync(tarball).size} bytes, ${sizeOf(installed)} unpacked, installed in ${took} ms`,
  );
}, 180_000);

it('is small, and nothing else comes with it', () => {
  expect(readdirSync(join(root, 'prefix/lib/node_modules'))).toEqual(['fairlead']);
  expect(existsSync(join(installed, 'node_modules'))).toBe(false);
  expect(sizeOf(installed)).toBeLessThan(mostBytes);
  const { dependencies, scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(dependencies).toBeUndefined();
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
});

it('has the licences of all that is bundled', () => {
  const licenses = readFileSync(join(installed, 'dist/THIRD-PARTY-LICENSES'), 'utf8');
  const named = new Set([...licenses.matchAll(/^-+\n(\S+) \d\S* \(/gm)].map(([, name]) => name));
  const bundle = readFileSync(join(installed, 'dist/fairlead.mjs'), 'utf8');
  const bundled = [...bundle.matchAll(/^\/\/ (?:\S*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)];
  const missing = new Set(bundled.map(([, name]) => name).filter((name) => !named.has(name)));
  expect([...missing]).toEqual([]);
  // These are in the bundles within the bundle.
  expect([...named]).toEqual(expect.arrayContaining(['preact', 'yaml', 'zod']));
});

it('has a bundle that V8 keeps in one byte for each character', () => {
  const bundle = readFileSync(join(installed, 'dist/fairlead.mjs'));
  expect(bundle.filter((byte) => byte > 0x7f)).toHaveLength(0);
});

it('says its version, and checks manifests', async () => {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const said = await runInstalled('version', '--output', 'json');
  expect(JSON.parse(said.stdout)).toMatchObject({ version, node: process.versions.node });
  const checked = await runInstalled('check', join(installed, 'examples/vm-backends'));
  expect([checked.status, checked.stderr]).toEqual([0, expect.stringMatching(/^\d+ objects, 0 errors/m)]);
});

it('serves its examples, with the status page', async () => {
  const admin = `127.0.0.1:${await findFreePort()}`;
  const provider = `127.0.0.1:${await findFreePort()}`;
  const child = await startChild(join(root, 'prefix/bin/fairlead'), ['serve'], {
    cwd: root,
    env: { ...hideOwnVariables(), FAIRLEAD_LISTEN_PROVIDER: provider, FAIRLEAD_LISTEN_ADMIN: admin },
  });
  cleanup.add(() => child.stop());
  const isReady = async (): Promise<boolean> => (await fetch(`http://${admin}/readyz`)).ok;
  await eventually('it is ready', 20_000, isReady, child.ended);
  expect(await (await fetch(`http://${provider}/traefik`)).text()).toContain('bbs.test.com');
  const page = await fetch(`http://${admin}/`, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('<!doctype html>');
});

it.each(['8.17.0', '18.20.8', '20.18.3'])('says that Node %s is too old', async (version) => {
  const preload = join(root, 'old-node.cjs');
  writeFileSync(
    preload,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
  );
  const result = await runProgram(process.execPath, [
    '--require',
    preload,
    join(installed, 'dist/fairlead.js'),
  ]);
  expect(result).toEqual({
    status: 2,
    stdout: '',
    stderr: `fairlead: Node ${version} is too old; install Node 20.19 or later\n`,
  });
});

it('is built of what the image copies', async () => {
  const folder = join(root, 'image');
  mkdirSync(folder);
  const dockerfile = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');
  const [build = ''] = dockerfile.split(/^FROM gcr/m);
  const ignored = readFileSync(join(projectRoot, '.dockerignore'), 'utf8').split('\n');
  const copies = [...build.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '));
  expect(copies.filter((path) => !ignored.includes(`!${path}`))).toEqual([]);
  for (const path of copies) {
    if (path.includes('*')) continue;
    cpSync(join(projectRoot, path), join(folder, path), { recursive: true });
  }
  for (const name of readdirSync(join(projectRoot, 'scripts')).filter((each) =>
    /^bundle-.*\.mjs$/.test(each),
  ))
    cpSync(join(projectRoot, 'scripts', name), join(folder, 'scripts', name));
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const env = { SOURCE_COMMIT: '0123456789ab' };
  const built = await runProgram(process.execPath, ['scripts/build.mjs'], { cwd: folder, env });
  expect(built).toEqual({ status: 0, stdout: '', stderr: '' });
  const taken = [...dockerfile.matchAll(/\/build\/(dist\/\S+)/g)].map(([, path = '']) => path);
  expect(taken).toContain('dist/fairlead.mjs');
  expect(taken.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  const started = await runProgram(process.execPath, [join(folder, 'dist/fairlead.mjs'), 'version']);
  expect(started.stdout).toMatch(/^fairlead \S+ \(commit 0123456789ab\)\n/);
});
