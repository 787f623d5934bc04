import type { LedgerState } from '../../model/ports.ts';
import type { Problem } from '../../model/problem.ts';
import { startPass, type PassInput } from './pass.ts';
import type { BankStates } from '../../model/bank.ts';
import { toBankStates } from '../banks/bank-states.ts';
import { withHistory } from './history.ts';
import { placeClaims } from './place-claims.ts';
import { toReliefTime, toPortProblems } from '../port-problems.ts';
import { takeOverPorts } from './transfer.ts';
import { withoutFuture } from './without-future.ts';
import { settleHeld } from './settle-held.ts';

export interface AllocationInput extends PassInput {
  /** All claims of all sources; the order does not matter. */
  readonly claims: PassInput['claims'];
  /** What is durable now. */
  readonly ledger: LedgerState;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** In milliseconds; default 0. The result does not depend on it once nothing cools down that did before the clock was put forward. */
  readonly lagMs?: NonNullable<PassInput['lagMs']>;
  /**
   * True for the holders of a source that is not synced: they keep all that they hold, claimed or not,
   * because a Service that cannot be seen is not a Service that is gone.
   */
  readonly keep: PassInput['keep'];
}

export interface Allocation {
  /** What to commit; the very object of the input when nothing changes. */
  readonly ledger: LedgerState;
  /** What could not be met, about the Services that asked; the older Service first. */
  readonly refused: readonly Problem[];
  /**
   * The earliest time at which a port that cools down can serve a refused claim, in milliseconds since 1970:
   * allocate again then, and later by the lag. Null when only a change of the claims or of the settings can help.
   */
  readonly nextExpiry: number | null;
  /** Of each fleet, with what the claims now need. */
  readonly banks: BankStates;
}

/**
 * Decides who holds which pool port. A pure function of its input:
 *
 * - Held ports are settled before new ones are handed out. A Service port keeps its number while it is claimed.
 * - A port that is not claimed any more cools down. Until the cooldown is over only the Service that had it gets
 *   it again; afterwards it goes to others, the one given back first before the others and never-used ones before all.
 * - A port that by the ledger was given back later than now cools down from now on: the clock has been put back since.
 *   Where it has been put forward the cooldown does not end earlier for that.
 * - A port asked for by number is given or refused, never replaced. A claim that holds a port and asks for
 *   another free one moves, and its old port cools down.
 * - Each protocol of a number is owned by itself, so that TCP and UDP of one number can be asked for by two
 *   Services. What is handed out shares a number only when the pool has nothing else.
 * - A port that a waiting claim names is handed out only when the pool has nothing else.
 * - A claim without a port gets that of an object that hands its ports over to it.
 * - What is not held any more is kept in the history of the ledger.
 * - Only ports of open banks are given to anybody. What is held in another one stays held.
 * - Held ports outside the pool, and those of pools that are not configured, stay held.
 */
export function allocatePorts(input: AllocationInput): Allocation {
  const ledger = withoutFuture(input.ledger, input.now);
  const pass = startPass({ ...input, ledger: takeOverPorts({ ...input, ledger }) });
  settleHeld(pass);
  const refused = placeClaims(pass);
  const banks = toBankStates(pass, input.fleets, refused);
  return {
    ledger: withHistory(input.ledger, pass.entries.toState(), pass.nowText),
    refused: toPortProblems(pass, refused, banks),
    nextExpiry: toReliefTime(refused),
    banks,
  };
}
