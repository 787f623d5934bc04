import type { LedgerState } from '../../model/ports.ts';

/** What was read, with the token that a later commit has to match. */
export interface LedgerSnapshot {
  readonly state: LedgerState;
  /** Changes with every change of the stored document. */
  readonly version: string;
}

/** The version of a document that is not there. A commit on it makes the document. */
export const absentVersion = 'absent';

export type CommitResult =
  | { readonly kind: 'committed'; readonly snapshot: LedgerSnapshot }
  /** Someone else has written since. Nothing was changed; read again and decide again. */
  | { readonly kind: 'conflict' };

/** The durable record of who holds which pool port. One document, changed by compare-and-swap. */
export interface Ledger {
  /** Where it is, for messages. */
  readonly location: string;
  /** @throws LedgerDamagedError when the document cannot be trusted. An absent document reads as an empty one. */
  read(): Promise<LedgerSnapshot>;
  /** When it resolves with `committed`, the state is durable: it survives the death of the process and of the machine. */
  commit(expectedVersion: string, next: LedgerState): Promise<CommitResult>;
  close(): Promise<void>;
}

/** The stored document is not one that Fairlead wrote. It is never replaced silently: clients depend on what it said. */
export class LedgerDamagedError extends Error {
  override readonly name = 'LedgerDamagedError';
}

/**
 * The ledger cannot be opened, read or written now: another process owns it, the disk is full, and so on.
 * What was durable before still is. The message is one line that also says how to mend it.
 */
export class LedgerUnavailableError extends Error {
  override readonly name = 'LedgerUnavailableError';
}
