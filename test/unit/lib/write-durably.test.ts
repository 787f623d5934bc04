import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeDurably } from '../../../src/lib/write-durably.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairlead-durable-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('what killed processes left of a file goes with its first replacement, and nothing else does', async () => {
  const others = ['b.json.0123456789ab.tmp', 'a.json.old.tmp', 'a.json.lock-0123456789ab.tmp'];
  for (const name of ['a.json.0123456789ab.tmp', 'a.json.ba9876543210.tmp', ...others])
    writeFileSync(join(folder, name), 'half');
  await writeDurably(join(folder, 'a.json'), Buffer.from('whole'));
  expect(readdirSync(folder).sort()).toEqual(['a.json', ...others].sort());
  expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('whole');
});

test('writes that begin together do not remove each other', async () => {
  const file = join(folder, 'a.json');
  await Promise.all(Array.from({ length: 20 }, (_, index) => writeDurably(file, Buffer.from(String(index)))));
  expect(readdirSync(folder)).toEqual(['a.json']);
});
