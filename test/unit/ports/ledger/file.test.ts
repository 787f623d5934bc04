import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { formatLedger } from '../../../../src/ports/ledger/ledger-document.ts';
import { openLedgerFile } from '../../../../src/ports/ledger/file.ts';
import {
  LedgerDamagedError,
  LedgerUnavailableError,
  type Ledger,
} from '../../../../src/ports/ledger/ledger.ts';
import { ledgerContract } from './ledger-contract.ts';
import { toState } from '../allocation/notation.ts';

const state = toState(['100 tcp a:80 held@1']);
let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fairlead-ledger-'));
  file = path.join(folder, 'ports.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const openAsOwner = (): Promise<Ledger> => openLedgerFile(file, { readOnly: false });

async function commitTo(ledger: Ledger): Promise<void> {
  const result = await ledger.commit((await ledger.read()).version, state);
  expect(result.kind).toBe('committed');
}

ledgerContract(async () => ({
  ledger: await openAsOwner(),
  other: await openLedgerFile(file, { readOnly: true }),
}));

describe('the file', () => {
  it('is readable by its owner only, and nothing else is left beside it', async () => {
    const ledger = await openAsOwner();
    await commitTo(ledger);
    await ledger.close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['ports.json']);
    expect(await readFile(file, 'utf8')).toBe(formatLedger(state));
  });

  it('is not made before the first commit', async () => {
    const ledger = await openAsOwner();
    await ledger.read();
    await ledger.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('that somebody else changed is read again before it is replaced', async () => {
    const ledger = await openAsOwner();
    const { version } = await ledger.read();
    await writeFile(file, formatLedger(state));
    expect(await ledger.commit(version, toState([]))).toEqual({ kind: 'conflict' });
    expect((await ledger.read()).state).toEqual(state);
    await ledger.close();
  });

  it.each(['there', 'not there yet'])('behind a symbolic link is replaced when it is %s', async (when) => {
    const target = path.join(folder, 'elsewhere');
    await mkdir(target);
    if (when === 'there') await writeFile(path.join(target, 'real.json'), formatLedger(toState([])));
    await symlink(path.join('elsewhere', 'real.json'), file);
    const ledger = await openAsOwner();
    await commitTo(ledger);
    await expect(openLedgerFile(path.join(target, 'real.json'), { readOnly: false })).rejects.toThrow(
      'another running Fairlead',
    );
    await ledger.close();
    expect(await readFile(path.join(target, 'real.json'), 'utf8')).toBe(formatLedger(state));
    expect(await readdir(folder)).toEqual(['elsewhere', 'ports.json']);
    expect(await readdir(target)).toEqual(['real.json']);
  });

  it('cannot be committed by who opened it for reading', async () => {
    const ledger = await openLedgerFile(file, { readOnly: true });
    const { version } = await ledger.read();
    await expect(ledger.commit(version, state)).rejects.toThrow('opened for reading only');
    expect(await readdir(folder)).toEqual([]);
  });

  it('cannot be committed after it was closed', async () => {
    const ledger = await openAsOwner();
    await ledger.close();
    await expect(ledger.commit('absent', state)).rejects.toThrow('it was closed');
  });

  it('loses the left-overs of a killed process, and nothing else', async () => {
    await writeFile(`${file}.0123456789ab.tmp`, 'half');
    await writeFile(`${file}.backup`, 'kept');
    await (await openAsOwner()).close();
    expect(await readdir(folder)).toEqual(['ports.json.backup']);
  });
});

describe('ownership', () => {
  it('is for one at a time in one process too, and ends with closing', async () => {
    const first = await openAsOwner();
    await expect(openAsOwner()).rejects.toThrow(LedgerUnavailableError);
    await first.close();
    await (await openAsOwner()).close();
  });

  it.runIf(process.platform === 'linux')(
    'is taken from a process that had the same number before',
    async () => {
      await leaveLock(/"started":"[^"]*"/, '"started":"earlier"');
      await (await openAsOwner()).close();
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('is not lost when somebody removes the lock', async () => {
    const ledger = await openAsOwner();
    await rm(await findLock());
    await commitTo(ledger);
    await expect(openAsOwner()).rejects.toThrow('another running Fairlead');
    await ledger.close();
    expect(await readdir(folder)).toEqual(['ports.json']);
  });

  it('is lost when another took it in the meantime', async () => {
    const ledger = await openAsOwner();
    const { version } = await ledger.read();
    await rm(await findLock());
    const next = await openAsOwner();
    await expect(ledger.commit(version, state)).rejects.toThrow('another Fairlead took it over');
    await ledger.close();
    await commitTo(next);
    await next.close();
  });

  it('of a process in another container lasts as long as it shows signs of life', async () => {
    const ledger = await openAsOwner();
    const lock = await findLock();
    await writeFile(
      lock,
      (await readFile(lock, 'utf8')).replace(/"namespace":"[^"]*"/, '"namespace":"other"'),
    );
    await expect(openAsOwner()).rejects.toThrow('another running Fairlead');
    await ledger.close();
  });

  it('goes to one of many that start at once beside a dead owner', async () => {
    for (let round = 0; round < 3; round += 1) {
      await leaveLock(/"pid":\d+/, `"pid":${noProcess}`);
      const results = await Promise.allSettled(Array.from({ length: 8 }, openAsOwner));
      const owners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(owners).toHaveLength(1);
      for (const owner of owners) await owner.close();
    }
  });
});

async function findLock(): Promise<string> {
  const name = (await readdir(folder)).find((other) => other.startsWith('ports.json.lock-'));
  return path.join(folder, name ?? 'no lock');
}

/** Above the highest process number of every system. */
const noProcess = 4_194_305;

/** Leaves the lock of this process behind, changed to that of another one. */
async function leaveLock(part: RegExp, replacement: string): Promise<void> {
  const ledger = await openAsOwner();
  const text = await readFile(await findLock(), 'utf8');
  await ledger.close();
  await writeFile(`${file}.lock-000000000000`, text.replace(part, replacement));
}

describe('what cannot be used', () => {
  const text = formatLedger(state);

  it.each([
    ['empty', ''],
    ['cut off', text.slice(0, -20)],
    ['other JSON', '{"hello": "world"}'],
    ['no text at all', Buffer.from([0xff, 0xfe, 0x00])],
  ])('is refused with the way out, and stays as it is: %s', async (_, content) => {
    await writeFile(file, content);
    const ledger = await openAsOwner();
    await expect(ledger.read()).rejects.toThrow(LedgerDamagedError);
    await expect(ledger.read()).rejects.toThrow(`Restore a backup of ${file}.`);
    await expect(ledger.read()).rejects.toThrow(`mv ${file} ${file}.damaged`);
    expect(await ledger.commit('absent', toState([]))).toEqual({ kind: 'conflict' });
    await ledger.close();
    expect(await readFile(file)).toEqual(Buffer.from(content));
  });

  it('is refused with whatever bit flipped', { timeout: 60_000 }, async () => {
    const ledger = await openLedgerFile(file, { readOnly: true });
    for (const index of Buffer.from(text).keys()) {
      const bytes = Buffer.from(text);
      bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << ((index * 5) % 8)), index);
      await writeFile(file, bytes);
      await expect(ledger.read(), `bit of byte ${index}`).rejects.toThrow(LedgerDamagedError);
    }
  });

  it('is reported in one line: a folder that does not exist', async () => {
    await expect(openLedgerFile('/no/such/folder/ports.json', { readOnly: false })).rejects.toThrow(
      '/no/such/folder/ports.json: the port ledger cannot be opened: the folder does not exist: make it (ENOENT).',
    );
  });

  it('is reported in one line: a folder in place of the file', async () => {
    await mkdir(file);
    const ledger = await openLedgerFile(file, { readOnly: true });
    await expect(ledger.read()).rejects.toThrow(
      `${file}: the port ledger cannot be read: it is a folder: name a file (EISDIR).`,
    );
  });

  it.each(['/dev/zero', '/dev/full'])('is refused at once on %s', async (device) => {
    for (const readOnly of [true, false]) {
      await expect(openLedgerFile(device, { readOnly })).rejects.toThrow(
        `${device}: the port ledger cannot be opened: it is a device, a pipe or a socket: name a regular file (NOT_REGULAR).`,
      );
    }
  });

  it('is reported in one line: a folder that went away', async () => {
    const ledger = await openAsOwner();
    await rm(folder, { recursive: true });
    await expect(ledger.commit('absent', state)).rejects.toThrow(
      'the folder does not exist: make it (ENOENT).',
    );
  });
});
