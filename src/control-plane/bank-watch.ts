import { toMoment } from '../lib/moment.ts';
import type { BankStates, BankStatus, BankView } from '../model/bank.ts';
import type { LedgerState } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import { toBankProblems } from '../ports/banks/bank-problems.ts';
import { isPolled, mergePolls, type BankPolls } from '../ports/banks/bank-polls.ts';
import { mayShrink } from '../ports/banks/open-banks.ts';
import type { PollBoard } from '../ports/banks/poll-board.ts';
import type { BankInput } from '../ports/banks/settle-banks.ts';
import type { FleetSettings } from '../settings/settings.ts';
import type { HostPolls } from './host-polls.ts';

export interface BankWatchOptions {
  readonly fleets: readonly FleetSettings[];
  /** Who polls this replica. */
  readonly hosts: HostPolls;
  /** What the other replicas say; absent: there are none. */
  readonly board: PollBoard | undefined;
  readonly isLeader: () => boolean;
  /** As the allocation has them. */
  readonly states: () => BankStates;
  /** Who polls which bank has changed. */
  readonly changed: () => void;
  /** How long it takes until all that poll have been seen, in milliseconds. */
  readonly settleMs?: number;
}

/** A Traefik whose provider comes back polls within a few seconds; one that was away for long has backed off further. */
const defaultSettleMs = 10_000;

/** Knows who polls which banks, of this replica and, while it leads, of the others. */
export class BankWatch implements BankView {
  readonly #options: BankWatchOptions;
  #watchedSince = toMoment();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BankWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { board, hosts, isLeader, changed } = this.#options;
    hosts.onChange(() => {
      board?.tell();
      changed();
    });
    board?.start({ own: () => hosts.polls(), isLeader, changed });
    this.lead();
  }

  /** This replica has begun to lead, or ended: what it knows of the others is to be learned again. */
  lead(): void {
    this.#watchedSince = toMoment();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#options.changed, this.#settleMs + 10).unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#options.board?.stop();
  }

  /**
   * Who polls all replicas; undefined while that is not known: on one that does not lead, and for a moment after the start, when some
   * hosts have polled again and others have not.
   */
  get known(): Pick<BankInput, 'polls' | 'watchedSince'> | undefined {
    const { steady, wall } = this.#watchedSince;
    const isEarly = performance.now() - steady < this.#settleMs;
    if (isEarly || !this.#options.isLeader()) return undefined;
    return { polls: this.#polls, watchedSince: wall };
  }

  /** The states of all banks, with those that still run though nobody needs them. */
  get states(): BankStates {
    const polls = this.#polls;
    return new Map(
      this.#options.fleets.map((fleet) => {
        const toState = ({ bank, state }: BankStatus): BankStatus['state'] =>
          state === 'closed' && mayShrink(fleet, bank) && isPolled(polls, fleet.name, bank)
            ? 'closing'
            : state;
        const states = this.#options.states().get(fleet.name) ?? [{ bank: 0, state: 'open' }];
        return [fleet.name, states.map((status) => ({ ...status, state: toState(status) }))];
      }),
    );
  }

  banks(fleet: string): readonly BankStatus[] {
    return this.states.get(fleet) ?? [];
  }

  problems(ledger: LedgerState | undefined): readonly Problem[] {
    const { fleets } = this.#options;
    return toBankProblems({ ledger, fleets, states: this.states, polls: this.known?.polls });
  }

  get #polls(): BankPolls {
    const { hosts, board } = this.#options;
    return board === undefined ? hosts.polls() : mergePolls([hosts.polls(), board.others()]);
  }

  get #settleMs(): number {
    return this.#options.settleMs ?? defaultSettleMs;
  }
}
