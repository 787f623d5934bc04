import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import { toErrorCode } from '../../lib/error-text.ts';
import { readRegularFile } from '../../lib/read-regular-file.ts';
import { readLife, readOwnIdentity, type ProcessIdentity } from '../../lib/process-identity.ts';

/** Exclusive ownership of a file among processes. */
export interface FileLock {
  /** Whether it is still ours: another process can have taken this one for dead, or somebody tidied up. */
  confirm(): Promise<boolean>;
  release(): Promise<void>;
}

export type LockResult =
  | { readonly kind: 'locked'; readonly lock: FileLock }
  /** Another process has it: its number, and since when. */
  | { readonly kind: 'taken'; readonly by: LockText };

/** How often an owner touches its lock, and how long one in another container is watched for that. */
const beatMs = 2_000;
const patienceMs = 10_000;
/** How long a process that starts at the same time may take to step back. */
const stepBackMs = 500;

const lockText = z.object({
  pid: z.int(),
  /** See `ProcessIdentity`. */
  started: z.string(),
  namespace: z.string(),
  since: z.string(),
});

type LockText = z.infer<typeof lockText>;

/**
 * Takes ownership of a file, also after a process that died without giving it back. That is seen at once
 * where process numbers compare; an owner in another container is watched for some seconds for a sign of life.
 *
 * Each process puts a lock of its own beside the file, and owns the file when there is no other one. As
 * no name is used twice, the lock of a dead process can be removed without hitting that of a living one.
 * @throws The errors of the file system.
 */
export async function acquireLock(file: string): Promise<LockResult> {
  const own = await readOwnIdentity();
  const mine = `${file}.lock-${randomBytes(6).toString('hex')}`;
  const text = JSON.stringify({ ...own, since: new Date().toISOString() });
  const rival = await enter(file, mine, text, own);
  if (rival !== undefined) return { kind: 'taken', by: rival };
  return { kind: 'locked', lock: hold(mine, () => enter(file, mine, text, own)) };
}

function hold(mine: string, enterAgain: () => Promise<LockText | undefined>): FileLock {
  const confirm = async (): Promise<boolean> =>
    (await readTime(mine)) !== undefined || (await enterAgain()) === undefined;
  const timer = setInterval(() => {
    const now = new Date();
    // A lock that is gone is reported by the next commit.
    utimes(mine, now, now).catch(() => undefined);
  }, beatMs);
  timer.unref();
  return {
    confirm,
    async release() {
      clearInterval(timer);
      await rm(mine, { force: true });
    },
  };
}

/**
 * Sets up our lock, then looks for others: of two processes that start at once at least one sees the
 * other. Of those the one with the smaller name stays. Returns the rival that we stepped back for.
 */
async function enter(
  file: string,
  mine: string,
  text: string,
  own: ProcessIdentity,
): Promise<LockText | undefined> {
  await writeWhole(mine, text);
  const end = performance.now() + stepBackMs;
  for (;;) {
    const rivals = await listRivals(file, mine, own);
    const first = rivals[0];
    if (first === undefined) return undefined;
    if (first.name < path.basename(mine) || performance.now() >= end) {
      await rm(mine, { force: true });
      return first.text;
    }
    await sleep(25);
  }
}

interface Rival {
  readonly name: string;
  readonly text: LockText;
}

/** The locks of living processes in the order of their names. Those of dead ones are removed. */
async function listRivals(file: string, mine: string, own: ProcessIdentity): Promise<readonly Rival[]> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.lock-`;
  const rivals: Rival[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const other = path.join(folder, name);
    if (!name.startsWith(start) || name.endsWith('.tmp') || other === mine) continue;
    const text = await readLock(other);
    if (text !== undefined && (await isAlive(other, text, own))) rivals.push({ name, text });
    else await rm(other, { force: true });
  }
  return rivals;
}

/** Undefined for a lock that is gone, or that a power cut left empty: locks are never half written otherwise. */
async function readLock(file: string): Promise<LockText | undefined> {
  try {
    return lockText.safeParse(JSON.parse((await readRegularFile(file, 4_096)).toString())).data;
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function isAlive(file: string, text: LockText, own: ProcessIdentity): Promise<boolean> {
  const life = await readLife(text, own);
  if (life !== 'unknown') return life === 'alive';
  const touched = await readTime(file);
  for (let waited = 0; waited < patienceMs; waited += 500) {
    await sleep(500);
    const time = await readTime(file);
    if (time !== touched) return time !== undefined;
  }
  return false;
}

async function readTime(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.tmp`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, file);
}
