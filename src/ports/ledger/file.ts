import { createHash } from 'node:crypto';
import { readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

import { emptyLedger, type LedgerState } from '../../model/ports.ts';
import { toErrorCode, toFileErrorText } from '../../lib/error-text.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { acquireLock, type FileLock } from './file-lock.ts';
import { formatLedger, parseLedger, type LedgerPlace } from './ledger-document.ts';
import {
  absentVersion,
  LedgerDamagedError,
  LedgerUnavailableError,
  type CommitResult,
  type Ledger,
  type LedgerSnapshot,
} from './ledger.ts';
import { demandRegular, readRegularFile } from '../../lib/read-regular-file.ts';
import { removeLeftOvers, writeDurably } from '../../lib/write-durably.ts';

/** A ledger of 100,000 ports has 20 MB. */
export const maxLedgerBytes = 64 * 1024 * 1024;

export interface LedgerFileOptions {
  /** True for commands that only look: works beside the server that owns the file, and cannot commit. */
  readonly readOnly: boolean;
}

/**
 * The ledger in a file. Its owner is one process: a second one is refused. A symbolic link is followed,
 * and the file that it points to is replaced.
 * @throws LedgerUnavailableError when another process owns the file or the folder cannot be used. A
 * damaged file is reported by `read`, and never replaced.
 */
export async function openLedgerFile(file: string, { readOnly }: LedgerFileOptions): Promise<Ledger> {
  const place = toPlace(file);
  return explain(place, 'opened', async () => {
    const target = await resolveTarget(path.resolve(file));
    // Before a lock is laid beside it: beside a device there is no place for one.
    const stats = await stat(target).catch(() => undefined);
    if (stats !== undefined && !stats.isDirectory()) demandRegular(stats, target);
    return new LedgerFile(place, target, readOnly ? undefined : await takeOwnership(place, target));
  });
}

async function takeOwnership(place: LedgerPlace, target: string): Promise<FileLock> {
  const result = await acquireLock(target);
  if (result.kind === 'taken') {
    const { pid, since } = result.by;
    throw new LedgerUnavailableError(
      `${place.location}: another running Fairlead owns this port ledger (process ${pid}, since ${since}). Stop that one, or give this one another file.`,
    );
  }
  await removeLeftOvers(target);
  return result.lock;
}

class LedgerFile implements Ledger {
  readonly location: string;
  readonly #place: LedgerPlace;
  readonly #target: string;
  readonly #lock: FileLock | undefined;
  /** Commits follow each other: each compares with what the one before has written. */
  readonly #queue = new SerialQueue();
  #known: LedgerSnapshot | undefined;
  #closed = false;

  constructor(place: LedgerPlace, target: string, lock: FileLock | undefined) {
    this.location = place.location;
    this.#place = place;
    this.#target = target;
    this.#lock = lock;
  }

  async read(): Promise<LedgerSnapshot> {
    const bytes = await explain(this.#place, 'read', () => readBytes(this.#target));
    const version = toVersion(bytes);
    if (this.#known?.version === version) return this.#known;
    const state = bytes === undefined ? emptyLedger : parseLedger(toText(bytes, this.#place), this.#place);
    this.#known = { state, version };
    return this.#known;
  }

  commit(expectedVersion: string, next: LedgerState): Promise<CommitResult> {
    return this.#queue.run(() => explain(this.#place, 'written', () => this.#replace(expectedVersion, next)));
  }

  async #replace(expectedVersion: string, next: LedgerState): Promise<CommitResult> {
    await this.#confirmOwnership();
    const before = await readBytes(this.#target);
    // What was expected has been read, and so is no damaged document.
    if (toVersion(before) !== expectedVersion) return { kind: 'conflict' };
    const bytes = Buffer.from(formatLedger(next));
    // A ledger that could not be read again must not become durable.
    parseLedger(bytes.toString(), this.#place);
    if (before?.equals(bytes) !== true) await writeDurably(this.#target, bytes);
    this.#known = { state: next, version: toVersion(bytes) };
    return { kind: 'committed', snapshot: this.#known };
  }

  async #confirmOwnership(): Promise<void> {
    const fail = (why: string): never => {
      throw new LedgerUnavailableError(`${this.location}: the port ledger cannot be written: ${why}.`);
    };
    if (this.#closed) fail('it was closed');
    if (this.#lock === undefined) return fail('it was opened for reading only');
    if (!(await this.#lock.confirm()))
      fail('another Fairlead took it over, and one of the two must be stopped');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.idle();
    await explain(this.#place, 'released', async () => this.#lock?.release());
  }
}

function toPlace(file: string): LedgerPlace {
  return {
    location: file,
    wayOut: `Restore a backup of ${file}. Without a backup: stop Fairlead, move the file away (mv ${file} ${file}.damaged) and start Fairlead; then ports are handed out again, and clients must learn the new ones.`,
  };
}

/** The file itself, behind all symbolic links, also while it does not exist yet. */
async function resolveTarget(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (toErrorCode(error) !== 'ENOENT') throw error;
  }
  const link = await readlink(file).catch(() => undefined);
  if (link !== undefined) return resolveTarget(path.resolve(path.dirname(file), link));
  const folder = await realpath(path.dirname(file)).catch(() => path.dirname(file));
  return path.join(folder, path.basename(file));
}

async function readBytes(file: string): Promise<Buffer | undefined> {
  try {
    return await readRegularFile(file, maxLedgerBytes);
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function toVersion(bytes: Buffer | undefined): string {
  return bytes === undefined ? absentVersion : createHash('sha256').update(bytes).digest('hex');
}

function toText(bytes: Buffer, place: LedgerPlace): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LedgerDamagedError(
      `${place.location}: the port ledger cannot be used: it is not UTF-8 text. ${place.wayOut}`,
    );
  }
}

/** Turns the error of a system call into one line that says what to do. */
async function explain<T>(place: LedgerPlace, done: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (toErrorCode(error) === undefined) throw error;
    const message = `${place.location}: the port ledger cannot be ${done}: ${toFileErrorText(error)}.`;
    throw new LedgerUnavailableError(message, { cause: error });
  }
}
