import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { buildFairlead, hideOwnVariables } from './support/fairlead.ts';
import { findServerProgram } from './support/programs.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

let root = '';
let env: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  root = temp.path;
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'manifests'));
  symlinkSync(await buildFairlead(), join(root, 'bin/fairlead'));
  writeFileSync(
    join(root, 'fairlead.yaml'),
    'sources: [{ name: m, directory: { path: ./manifests } }]\nfleets: [{ name: inner }, { name: outer }]\n',
  );
  env = {
    ...process.env,
    ...hideOwnVariables(),
    PATH: `${join(root, 'bin')}:${process.env['PATH']}`,
    HOME: root,
  };
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = execFileSync('fairlead', ['completion', shell], { cwd: root, env });
    writeFileSync(join(root, `completion.${shell}`), script);
  }
});

async function runShell(file: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(file, args, { cwd: root, env, timeout: 60_000 })).stdout;
}

/** A line up to the cursor, and what may stand there. */
const cases: readonly (readonly [string, readonly string[]])[] = [
  ['fairlead rend', ['render']],
  ['fairlead config ', ['check']],
  ['fairlead config check --outp', ['--output']],
  ['fairlead render --form', ['--format']],
  ['fairlead render --format j', ['json']],
  ['fairlead render --output text --fo', ['--format']],
  ['fairlead check --output s', ['sarif']],
  ['fairlead completion ', ['bash', 'fish', 'zsh']],
  ['fairlead explain Serv', ['Service/']],
  ['fairlead explain Service/shop/db manif', ['manifests/']],
  ['fairlead explain -c fairlead.yaml Ingress', ['Ingress/', 'IngressClass/']],
  ['fairlead check manif', ['manifests/']],
  ['fairlead ports --fleet inn', ['inner']],
  ['fairlead serve -c fairl', ['fairlead.yaml']],
  ['fairlead serve --output', []],
];

/** Words as bash divides a line, of which the last is the one before the cursor. */
function toBashWords(line: string): readonly string[] {
  return line.split(/(=)| /).filter((word) => word !== undefined);
}

const bashTest = `source completion.bash
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_fairlead
printf '%s\\n' "\${COMPREPLY[@]}"`;

/** What bash would offer. */
async function completeInBash(line: string): Promise<readonly string[]> {
  const found = await runShell('bash', '--norc', '-c', bashTest, 'bash', ...toBashWords(line));
  // A folder gets its slash from readline.
  return found
    .split('\n')
    .filter((word) => word !== '')
    .map((word) => (word === 'manifests' ? 'manifests/' : word))
    .toSorted();
}

describe('in bash', () => {
  it.each(cases)('%s', async (line, expected) => {
    expect(await completeInBash(line)).toEqual(expected);
  });

  it('an option with its value behind a sign', async () => {
    expect(await completeInBash('fairlead render --format=j')).toEqual(['json']);
    expect(await completeInBash('fairlead render --format=')).toEqual(['json', 'yaml']);
  });
});

describe.skipIf(!isThere('fish'))('in fish', () => {
  it.each(cases)('%s', async (line, expected) => {
    const found = await runShell(
      'fish',
      '--no-config',
      '-c',
      `source completion.fish; complete -C '${line}'`,
    );
    const words = found.split('\n').map((each) => each.split('\t')[0] ?? '');
    expect(words.filter((word) => word !== '').toSorted()).toEqual(expected);
  });
});

/** Types a line and a tab into a zsh, and writes what stands there then. */
const zshTest = `zmodload zsh/zpty
zpty it zsh -f -i
zpty -w it "autoload -Uz compinit; compinit -u -D; source completion.zsh; write() { print -r -- \\"\\$BUFFER\\" > line; }; zle -N write; bindkey '^O' write"
zpty -w it "print rea''dy"
while [[ $seen != *ready* ]]; do zpty -r it part; seen+=$part; done
zpty -w -n it "$1"$'\\t\\x0f'
repeat 600; do [[ -s line ]] && break; sleep 0.1; done
zpty -d it`;

describe.skipIf(!isThere('zsh'))('in zsh', () => {
  it.each(cases.filter(([, expected]) => expected.length === 1))('%s', async (line, [expected = '']) => {
    writeFileSync(join(root, 'line'), '');
    await runShell('zsh', '-f', '-c', zshTest, 'zsh', line);
    const completed = readFileSync(join(root, 'line'), 'utf8').replace(/[\s=]+$/, '');
    expect(completed).toBe(line.slice(0, line.lastIndexOf(' ') + 1) + expected);
  });
});

/** Says it where a shell is skipped. */
function isThere(shell: string): boolean {
  if (findServerProgram(shell) !== undefined) return true;
  if (process.env['FAIRLEAD_E2E'] === 'required') throw new Error(`FAIRLEAD_E2E=required, and no ${shell}`);
  console.log(`!!  SKIPPED: completion in ${shell}: no ${shell}`);
  return false;
}
