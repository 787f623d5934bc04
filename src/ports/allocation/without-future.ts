import type { LedgerState } from '../../model/ports.ts';

/**
 * The ledger with no port that was given back later than now; the very object when there is none. A clock that was ahead for a while, of this
 * machine or of the one that led before, would otherwise keep such a port from everybody for as long as it was ahead.
 */
export function withoutFuture(ledger: LedgerState, now: number): LedgerState {
  const freed = new Date(now).toISOString();
  const entries = ledger.entries.map((entry) =>
    entry.state === 'cooling' && Date.parse(entry.freed) > now ? { ...entry, freed } : entry,
  );
  return entries.every((entry, index) => entry === ledger.entries[index]) ? ledger : { ...ledger, entries };
}
