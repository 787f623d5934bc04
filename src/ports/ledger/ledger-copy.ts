import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { LedgerState } from '../../model/ports.ts';
import { toErrorCode, toFileErrorText } from '../../lib/error-text.ts';
import { readRegularFile } from '../../lib/read-regular-file.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { writeDurably } from '../../lib/write-durably.ts';
import { maxLedgerBytes } from './file.ts';
import { formatLedger, parseLedger } from './ledger-document.ts';
import type { WatchedLedger } from './configmap.ts';
import type { LedgerSnapshot } from './ledger.ts';

/** A shared ledger that leaves a copy of what it last said on this machine. */
export interface CopiedLedger extends WatchedLedger {
  /** What the copy says; undefined without one, and when it cannot be trusted. For a start at which the ledger cannot be read. */
  recall(): Promise<LedgerState | undefined>;
}

/** Keeps a copy of a ledger in a file. The copy is only ever read by `recall`: nothing is decided or committed on it. */
export function withCopy(ledger: WatchedLedger, file: string, log: Logger): CopiedLedger {
  const saving = new SerialQueue();
  const save = ({ state }: LedgerSnapshot): void => {
    void saving.run(() => writeCopy(file, state, log));
  };
  return {
    location: ledger.location,
    async read() {
      const snapshot = await ledger.read();
      save(snapshot);
      return snapshot;
    },
    async commit(expectedVersion, next) {
      const result = await ledger.commit(expectedVersion, next);
      if (result.kind === 'committed') save(result.snapshot);
      return result;
    },
    watch: (changed, failed) =>
      ledger.watch((snapshot) => {
        save(snapshot);
        changed(snapshot);
      }, failed),
    async close() {
      await ledger.close();
      await saving.idle();
    },
    recall: () => readCopy(file, log),
  };
}

async function writeCopy(file: string, state: LedgerState, log: Logger): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeDurably(file, Buffer.from(formatLedger(state)));
  } catch (error) {
    log.warn({ file, why: toFileErrorText(error) }, 'the copy of the ledger cannot be kept');
  }
}

async function readCopy(file: string, log: Logger): Promise<LedgerState | undefined> {
  try {
    return parseLedger((await readRegularFile(file, maxLedgerBytes)).toString(), {
      location: file,
      wayOut: 'It is only a copy: remove it.',
    });
  } catch (error) {
    if (toErrorCode(error) !== 'ENOENT')
      log.warn({ err: error, file }, 'the copy of the ledger cannot be read; it is not used');
    return undefined;
  }
}
