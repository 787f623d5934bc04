import type { SharedLedger } from '../../../../../src/control-plane/port-keeper.ts';
import type { LedgerSnapshot } from '../../../../../src/ports/ledger/ledger.ts';
import { createMemoryLedger } from '../../../../../src/ports/ledger/memory.ts';

/** A ledger of this process that says to all who watch it, a little later, what somebody wrote: as an API server does. */
export function createSharedLedger(): SharedLedger {
  const memory = createMemoryLedger();
  const watching = new Set<(snapshot: LedgerSnapshot) => void>();
  return {
    ...memory,
    async commit(expected, next) {
      const result = await memory.commit(expected, next);
      if (result.kind === 'committed')
        setImmediate(() => {
          for (const changed of watching) changed(result.snapshot);
        });
      return result;
    },
    watch(changed) {
      watching.add(changed);
      return () => Promise.resolve(void watching.delete(changed));
    },
  };
}
