import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatLedger, parseLedger } from '../../../src/ports/ledger/ledger-document.ts';
import { openLedgerFile } from '../../../src/ports/ledger/file.ts';
import { fromEntry, toState } from '../ports/allocation/notation.ts';
import { runHere } from './run-here.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
  const config = { sources: [{ name: 'vms', directory: { path: '.' } }], ledger: { file: './ports.json' } };
  writeFileSync(join(folder, 'fairlead.yaml'), JSON.stringify(config));
  writeFileSync(
    join(folder, 'ports.json'),
    formatLedger(toState(['20000 tcp a:80 held@1', '20001 tcp a:81 cooling@55', '20002 tcp b:80 held@1'])),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function transfer(...args: readonly string[]): ReturnType<typeof runHere> {
  return runHere(folder, 'ports', 'transfer', ...args, '-c', 'fairlead.yaml');
}

function readEntries(): readonly string[] {
  const text = readFileSync(join(folder, 'ports.json'), 'utf8');
  return parseLedger(text, { location: 'x', wayOut: '' }).entries.map((entry) =>
    fromEntry(entry).replace(/held@\d+\.?\d*/, 'held'),
  );
}

test('the ports of one Service become those of another', async () => {
  expect(await transfer('ns/a', 'Service/ns/c')).toEqual({
    status: 0,
    out: '2 ports are transferred from Service/ns/a to Service/ns/c\n',
    err: '',
  });
  expect(readEntries()).toEqual(['20000 tcp c:80 held', '20001 tcp c:81 cooling@55', '20002 tcp b:80 held']);
});

test('who has none is reported, and nothing is written', async () => {
  const before = readEntries();
  expect(await transfer('ns/x', 'ns/c')).toEqual({
    status: 1,
    out: '',
    err: 'fairlead: no port is held by Service/ns/x, and none cools down after it\n',
  });
  expect(readEntries()).toEqual(before);
});

test('the file of a Fairlead that runs is left alone', async () => {
  const owner = await openLedgerFile(join(folder, 'ports.json'), { readOnly: false });
  const { status, err } = await transfer('ns/a', 'ns/c');
  expect({ status, err }).toEqual({
    status: 2,
    err: expect.stringContaining('another running Fairlead owns'),
  });
  await owner.close();
});

test.each([
  [['ns/a'], 'name two objects'],
  [['ns/a', 'ns/b', 'ns/c'], 'name two objects'],
  [['a', 'ns/b'], '"a" is not NAMESPACE/NAME of a Service'],
  [['ns/a', 'ns/b', '--source', 'x'], 'there is no source "x"; the sources are vms'],
])('%j is refused', async (args, message) => {
  const { status, err } = await transfer(...args);
  expect({ status, err }).toEqual({ status: 2, err: expect.stringContaining(message) });
});
