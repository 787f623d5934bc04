import type { BankStates, BankStatus } from '../../model/bank.ts';
import { emptyLedger, type LedgerState } from '../../model/ports.ts';
import { listSome, toProblem, type Problem } from '../../model/problem.ts';
import { boundProblems } from '../../model/problem-list.ts';
import type { FleetPools } from '../allocation/pool.ts';
import { isPolled, listHostsWithout, type BankPolls } from './bank-polls.ts';
import { countHeld } from './count-held.ts';
import { toStartText } from './start-text.ts';

export interface BankProblemInput {
  readonly ledger: LedgerState | undefined;
  readonly fleets: readonly FleetPools[];
  readonly states: BankStates;
  /** Who polls all replicas; absent where that is not known. */
  readonly polls?: BankPolls | undefined;
}

/** About the fleets: banks that should be open, and open ones that cannot be reached on every host. */
export function toBankProblems(input: BankProblemInput): readonly Problem[] {
  return boundProblems(
    input.fleets.flatMap((fleet) =>
      (input.states.get(fleet.name) ?? []).flatMap((status) => toProblems(input, fleet, status)),
    ),
  );
}

function toProblems(input: BankProblemInput, fleet: FleetPools, status: BankStatus): readonly Problem[] {
  if (status.bank === 0) return [];
  if (status.state === 'wanted') return [toWantedProblem(input, fleet.name, status.bank)];
  return status.state === 'open' ? toUnpolledProblems(input, fleet, status.bank) : [];
}

function toWantedProblem({ states, polls }: BankProblemInput, fleet: string, bank: number): Problem {
  const open = (states.get(fleet) ?? []).filter(({ state }) => state === 'open').length;
  const missing =
    polls !== undefined && isPolled(polls, fleet, bank) ? listHostsWithout(polls, fleet, bank) : [];
  const some = missing.length === 0 ? '' : `, and not polled yet by ${toHostText(missing)}`;
  const banks = open === 1 ? '1 bank is open' : `${open} banks are open`;
  return toProblem('bank-wanted', toSubject(fleet), {
    message: `Bank ${bank} of fleet ${fleet} is wanted${some}; ${banks}.`,
    hint: toStartText(fleet, bank),
  });
}

/** Who holds a port of it has clients that are refused somewhere. */
function toUnpolledProblems(
  { ledger = emptyLedger, polls }: BankProblemInput,
  fleet: FleetPools,
  bank: number,
): readonly Problem[] {
  if (polls === undefined) return [];
  const isUnpolled = !isPolled(polls, fleet.name, bank);
  const missing = listHostsWithout(polls, fleet.name, bank);
  const held = countHeld(ledger, fleet, bank);
  if (held === 0 || (!isUnpolled && missing.length === 0)) return [];
  const who = isUnpolled ? 'no Traefik polls it' : `${toHostText(missing)} poll bank 0 and not this one`;
  return [
    toProblem('bank-unpolled', toSubject(fleet.name), {
      message: `Bank ${bank} of fleet ${fleet.name} holds ${held === 1 ? '1 port' : `${held} ports`}, and ${who}. It stays open.`,
      hint: `Clients are refused there. ${toStartText(fleet.name, bank)}`,
    }),
  ];
}

function toHostText(hosts: readonly string[]): string {
  return `${hosts.length === 1 ? 'host' : 'hosts'} ${listSome(hosts)}`;
}

function toSubject(fleet: string): Problem['subject'] {
  return { source: '', kind: 'Fleet', namespace: '', name: fleet };
}
