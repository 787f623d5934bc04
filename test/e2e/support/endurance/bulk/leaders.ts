import type { SharedLedger } from '../../../../../src/control-plane/port-keeper.ts';
import type { Change } from '../../../../../src/model/snapshot.ts';
import { BulkPlane } from './plane.ts';

/** Each so many leaderships another replica has one. */
const everyOther = 20;

/** Who leads: mostly the control plane that lives through everything, and now and then another one, which is killed. */
export class Leaders {
  /** Leaderships that ended because the Lease was lost, and those that ended with the replica. */
  readonly counts = { lost: 0, killed: 0 };
  readonly #live: BulkPlane;
  readonly #ledger: SharedLedger;
  readonly #all: () => readonly Change[];
  #other: BulkPlane | undefined;

  /** @param all All that there is now. */
  constructor(live: BulkPlane, ledger: SharedLedger, all: () => readonly Change[]) {
    this.#live = live;
    this.#ledger = ledger;
    this.#all = all;
  }

  /** The leadership ends in the midst of these changes, and another one begins once they are there. */
  async take(changes: readonly Change[]): Promise<void> {
    if (this.#other !== undefined) await this.#kill(this.#other);
    else {
      this.#live.lead(false);
      this.counts.lost += 1;
    }
    this.#other = undefined;
    await this.#live.take(changes);
    if ((this.counts.lost + this.counts.killed) % everyOther !== 0) {
      this.#live.lead(true);
      return;
    }
    this.#other = new BulkPlane(this.#ledger);
    await this.#other.start(this.#all());
  }

  /** The one that lives leads, whoever did, and looks at all claims again. */
  async settle(): Promise<void> {
    if (this.#other !== undefined) await this.#kill(this.#other);
    this.#other = undefined;
    this.#live.lead(false);
    this.#live.lead(true);
  }

  /** In the midst of whatever it does: what it has begun to write may come or not. */
  async #kill(other: BulkPlane): Promise<void> {
    this.counts.killed += 1;
    await other.stop();
  }
}
