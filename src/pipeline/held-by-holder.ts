import type { ObjectKey } from '../model/object-ref.ts';
import { emptyLedger, type HeldPort, type LedgerState } from '../model/ports.ts';
import { toHeldPorts } from '../ports/claim.ts';
import type { Dependency } from '../source/object-store.ts';
import { isSameList } from './is-same-list.ts';
import { portsOf } from './tracking-view.ts';

/** What the ledger holds for each holder. */
export class HeldByHolder {
  #ledger: LedgerState = emptyLedger;
  #held: ReadonlyMap<ObjectKey, readonly HeldPort[]> = new Map();

  get ledger(): LedgerState {
    return this.#ledger;
  }

  get all(): ReadonlyMap<ObjectKey, readonly HeldPort[]> {
    return this.#held;
  }

  /** Takes over another state of the ledger. Returns whose ports are others now. */
  take(ledger: LedgerState): readonly Dependency[] {
    if (ledger === this.#ledger) return [];
    const former = this.#held;
    const held = toHeldPorts(ledger);
    this.#ledger = ledger;
    this.#held = held;
    const holders = new Set([...former.keys(), ...held.keys()]);
    return [...holders].filter((holder) => !isSameList(former.get(holder), held.get(holder))).map(portsOf);
  }
}
