import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLedgerFile } from '../../../../src/ports/ledger/file.ts';

let folder = '';
let program = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fairlead-ledger-'));
  program = path.join(folder, 'program.cjs');
  const source = path.join(import.meta.dirname, 'commit-in-a-loop.ts');
  await build({
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
    logLevel: 'error',
  });
});

afterAll(() => rm(folder, { recursive: true }));

interface Child {
  readonly process: ChildProcess;
  /** How many entries the last ledger had that it said to be durable. */
  readonly durable: () => number;
  readonly complaint: () => string;
  readonly ended: Promise<void>;
}

function start(command: string, args: readonly string[]): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let complaint = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  // The last line counts only when it is whole.
  const durable = (): number => Number(out.split('\n').at(-2) ?? 0);
  return { process: child, durable, complaint: () => complaint, ended };
}

async function waitForCommits(child: Child): Promise<void> {
  while (child.durable() === 0) {
    if (child.process.exitCode !== null) throw new Error(child.complaint());
    await sleep(2);
  }
}

async function countEntries(file: string): Promise<number> {
  const ledger = await openLedgerFile(file, { readOnly: true });
  return (await ledger.read()).state.entries.length;
}

describe('a process that is killed while it commits', () => {
  it('leaves a whole ledger with everything that it said to be durable', async () => {
    const file = path.join(folder, 'killed.json');
    for (let round = 0; round < 20; round += 1) {
      const child = start(process.execPath, [program, file]);
      await waitForCommits(child);
      await sleep(Math.random() * 25);
      child.process.kill('SIGKILL');
      await child.ended;
      // It may have died between the replacement and saying so.
      const entries = await countEntries(file);
      expect(entries - child.durable()).toBeOneOf([0, 1]);
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const last = await openLedgerFile(file, { readOnly: false });
    await last.close();
    expect((await readdir(folder)).filter((name) => name.startsWith('killed'))).toEqual(['killed.json']);
  }, 60_000);
});

describe('a process that owns the ledger', () => {
  it('keeps a second one out, which says so in one line, and readers in', async () => {
    const file = path.join(folder, 'owned.json');
    const owner = start(process.execPath, [program, file]);
    await waitForCommits(owner);
    const second = start(process.execPath, [program, file]);
    await second.ended;
    expect(second.complaint()).toMatch(
      new RegExp(
        `^${file}: another running Fairlead owns this port ledger \\(process ${owner.process.pid}, since [^)]*\\)\\. Stop that one, or give this one another file\\.$`,
      ),
    );
    expect(await countEntries(file)).toBeGreaterThan(0);
    owner.process.kill('SIGKILL');
    await owner.ended;
    const next = await openLedgerFile(file, { readOnly: false });
    expect((await next.read()).state.entries.length).toBeGreaterThanOrEqual(owner.durable());
    await next.close();
  });
});

describe.skipIf(process.platform === 'win32')('a file that may not grow', () => {
  it('is reported in one line, and what was durable stays', async () => {
    const file = path.join(folder, 'full.json');
    // The limit is in blocks of 512 bytes in some shells and 1024 in others.
    const child = start('/bin/sh', [
      '-c',
      `ulimit -f 8; exec "${process.execPath}" "${program}" "${file}" 100`,
    ]);
    await child.ended;
    expect(child.complaint()).toMatch(
      /cannot be written: the file may not become that large: .* \(EFBIG\)\.$/,
    );
    expect(child.durable()).toBeGreaterThan(0);
    expect(await countEntries(file)).toBe(child.durable());
    expect(await readFile(file, 'utf8')).toContain('"FairleadPorts"');
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
