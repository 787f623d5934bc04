/** Hears of what happens, to count it. Every call returns at once and never throws. */
export interface Observer {
  /** The configuration was made again, in so many seconds. */
  rebuilt(seconds: number): void;
  /** All objects of a kind were listed once more, since their changes could not be followed, or because it was time. */
  relisted(source: string, kind: string): void;
  /** The changes of a kind are followed again, after the connection had ended. */
  watchRestarted(source: string, kind: string): void;
  /** A write to a cluster was tried; see `writeFailed`. */
  wroteBack(source: string): void;
  /** One of those has failed. */
  writeFailed(source: string): void;
  /** Somebody else had written first; what was to be written is decided again. */
  conflicted(target: 'annotations' | 'ledger' | 'status'): void;
  /** The ledger could not be read or written. */
  ledgerFailed(): void;
}
