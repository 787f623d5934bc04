import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRegularFile, readRegularFileSync } from '../../../src/lib/read-regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'fairlead-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'file');
const pipe = join(folder, 'pipe');
writeFileSync(file, 'x'.repeat(3_000_000));
execFileSync('mkfifo', [pipe]);

describe.each([
  [
    'at once',
    (path: string, limit: number) => Promise.resolve().then(() => readRegularFileSync(path, limit)),
  ],
  ['piece by piece', readRegularFile],
])('read %s', (_, read) => {
  it('gives the bytes of a file, and no more than the limit', async () => {
    expect((await read(file, 3_000_000)).toString()).toBe('x'.repeat(3_000_000));
    await expect(read(file, 2_999_999)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  // A pipe without a writer would block the open, /dev/zero fill the memory.
  it.each([
    [pipe, 'NOT_REGULAR'],
    ['/dev/zero', 'NOT_REGULAR'],
    ['/dev/full', 'NOT_REGULAR'],
    [folder, 'EISDIR'],
    [join(folder, 'nothing'), 'ENOENT'],
  ])('refuses %s with %s at once', async (path, code) => {
    const before = performance.now();
    await expect(read(path, 1_000)).rejects.toMatchObject({ code });
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('reads a file that does not know its size', async () => {
    expect((await read('/proc/self/status', 100_000)).toString()).toContain('Pid:');
  });
});

it('reads a file that is rewritten meanwhile as it was at one moment', async () => {
  const changing = join(folder, 'changing');
  writeFileSync(changing, 'a'.repeat(4_000_000));
  const reading = readRegularFile(changing, 5_000_000);
  setImmediate(() => writeFileSync(changing, 'b'.repeat(4_000_000)));
  expect(new Set((await reading).toString()).size).toBe(1);
});
