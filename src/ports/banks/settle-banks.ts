import { countBanks, type BankStates, type BankStatus } from '../../model/bank.ts';
import type { LedgerState, OpenBank } from '../../model/ports.ts';
import type { FleetPools } from '../allocation/pool.ts';
import { isPolled, listHostsWithout, type BankPolls } from './bank-polls.ts';
import { countHeld } from './count-held.ts';
import { byBank, mayShrink, toGraceMs, toLastPoll } from './open-banks.ts';

export interface BankInput {
  readonly ledger: LedgerState;
  readonly fleets: readonly FleetPools[];
  /** What the allocation on this ledger makes of each bank. */
  readonly states: BankStates;
  /** Who polls all replicas. */
  readonly polls: BankPolls;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Since when this process would know of a poll, in milliseconds since 1970. */
  readonly watchedSince: number;
}

/** The time of the last poll is noted no more often than this, so that the ledger is not written with each poll. */
const mostNotedMs = 600_000;

/**
 * Opens and closes banks: the very ledger of the input when there is nothing to change.
 *
 * - A bank opens when every host that polls bank 0 polls it too, since clients reach every port on every host. One that may be closed
 *   again when it is not needed opens only while it is wanted.
 * - It closes when nobody has polled it for its grace and nobody holds a port of it; or, where that is configured, as soon as it is not
 *   needed any more: before its Traefiks end, so that none of its ports is given to anybody meanwhile.
 */
export function settleBanks(input: BankInput): LedgerState {
  const { ledger, fleets } = input;
  const former = ledger.banks ?? [];
  const configured = new Map(fleets.map((fleet) => [fleet.name, fleet]));
  const kept = former.flatMap((open): readonly OpenBank[] => {
    const fleet = configured.get(open.fleet);
    // A fleet that is not configured may only have a mistyped name.
    if (fleet === undefined) return [open];
    return closes(input, fleet, open) ? [] : [noted(input, fleet, open)];
  });
  const opened = fleets.flatMap((fleet) => listOpening(input, fleet));
  const isSame =
    opened.length === 0 &&
    kept.length === former.length &&
    kept.every((each, index) => each === former[index]);
  if (isSame) return ledger;
  const { banks: _, ...others } = ledger;
  const banks = [...kept, ...opened].sort(byBank);
  return banks.length === 0 ? others : { ...others, banks };
}

function listOpening({ ledger, states, polls, now }: BankInput, fleet: FleetPools): readonly OpenBank[] {
  const time = new Date(now).toISOString();
  const open = new Set((ledger.banks ?? []).flatMap((each) => (each.fleet === fleet.name ? each.bank : [])));
  const opening: OpenBank[] = [];
  for (let bank = 1; bank < countBanks(fleet); bank += 1) {
    if (open.has(bank) || !isPolled(polls, fleet.name, bank)) continue;
    if (listHostsWithout(polls, fleet.name, bank).length > 0) continue;
    if (mayShrink(fleet, bank) && stateOf(states, fleet.name, bank) !== 'wanted') continue;
    opening.push({ fleet: fleet.name, bank, since: time, polled: time });
  }
  return opening;
}

function closes(input: BankInput, fleet: FleetPools, open: OpenBank): boolean {
  const { ledger, states, polls, now, watchedSince } = input;
  if (stateOf(states, open.fleet, open.bank) === 'closing') return true;
  if (isPolled(polls, open.fleet, open.bank)) return false;
  const last = Math.max(toLastPoll(open), watchedSince);
  return now - last > toGraceMs(fleet, open.bank) && countHeld(ledger, fleet, open.bank) === 0;
}

/** With the time of a poll, when that is news. */
function noted({ polls, now }: BankInput, fleet: FleetPools, open: OpenBank): OpenBank {
  const everyMs = Math.min(mostNotedMs, toGraceMs(fleet, open.bank) / 4);
  if (!isPolled(polls, open.fleet, open.bank) || now - toLastPoll(open) <= everyMs) return open;
  return { ...open, polled: new Date(now).toISOString() };
}

function stateOf(states: BankStates, fleet: string, bank: number): BankStatus['state'] | undefined {
  return states.get(fleet)?.[bank]?.state;
}
