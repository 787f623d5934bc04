import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../../src/cli/run.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  mkdirSync(join(folder, 'm'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('on a terminal it is shown in its place, and it ends in order when it is asked to', async () => {
  const shown: string[] = [];
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  const status = run(['explain', 'ns/shop', 'm', '--watch'], {
    version: '0',
    env: {},
    cwd: folder,
    out: (text) => {
      shown.push(text);
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
      if (shown.length === 1) writeFileSync(join(folder, 'm/a.json'), JSON.stringify(object));
      else stop.abort();
    },
    err: () => undefined,
    terminal: true,
    isScreen: true,
    colours: false,
    stopped,
    onHangup: () => undefined,
  });
  expect(await status).toBe(0);
  expect(shown).toEqual([
    '\x1b[2J\x1b[HNo source has ns/shop.\n',
    expect.stringMatching(/^\x1b\[2J\x1b\[HNamespace\/shop \(source m\)\n/),
  ]);
});
