import { emptyLedger, type LedgerState } from '../../model/ports.ts';
import type { CommitResult, Ledger, LedgerSnapshot } from './ledger.ts';

/** A ledger that lasts as long as the process: for commands that show what would be served. */
export function createMemoryLedger(initial: LedgerState = emptyLedger): Ledger {
  let count = 0;
  let snapshot: LedgerSnapshot = { state: initial, version: String(count) };
  return {
    location: 'memory',
    read: () => Promise.resolve(snapshot),
    commit(expectedVersion, next): Promise<CommitResult> {
      if (expectedVersion !== snapshot.version) return Promise.resolve({ kind: 'conflict' });
      if (next !== snapshot.state) snapshot = { state: next, version: String(++count) };
      return Promise.resolve({ kind: 'committed', snapshot });
    },
    close: () => Promise.resolve(),
  };
}
