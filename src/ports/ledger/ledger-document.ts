import { createHash } from 'node:crypto';

import type { ClaimIdentity, FormerHold, LedgerState, OpenBank } from '../../model/ports.ts';
import { byPlace } from '../allocation/entries-by-port.ts';
import { byBank } from '../banks/open-banks.ts';
import { byEnd } from '../allocation/history.ts';
import { readDocument, type LedgerDocument } from './ledger-damage.ts';
import { ledgerVersion } from './ledger-schema.ts';
import { toLines1 } from './ledger-version-1.ts';
import { LedgerDamagedError } from './ledger.ts';

/** How a stored ledger is spoken of in messages. */
export interface LedgerPlace {
  /** Such as the path of the file. */
  readonly location: string;
  /** What an administrator does with a damaged ledger in this place: one or two sentences. */
  readonly wayOut: string;
}

/**
 * The text of a ledger: JSON with one entry on each line, sorted, so that two versions compare line by
 * line. The checksum covers all lines; who edits them by hand removes the line with the checksum.
 */
export function formatLedger(state: LedgerState): string {
  return toText(toLists(state), ledgerVersion);
}

type Lists = Readonly<Record<string, readonly string[]>>;

function toText(lists: Lists, version: number): string {
  const texts = Object.entries(lists).map(([name, lines]) => `  "${name}": ${toListText(lines)}`);
  return `{
  "kind": "FairleadPorts",
  "version": ${version},
  "checksum": "${toChecksum(lists)}",
${texts.join(',\n')}
}
`;
}

function toListText(lines: readonly string[]): string {
  return lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`;
}

/** The keys always stand in this order, whatever that of the state. */
function toLists({ entries, history = [], banks = [] }: LedgerState): Lists {
  return {
    entries: entries.toSorted(byPlace).map((entry) => {
      const time = entry.state === 'held' ? { since: entry.since } : { freed: entry.freed };
      return JSON.stringify({ ...toFlat(entry), state: entry.state, ...time });
    }),
    ...(history.length > 0 && { history: history.toSorted(byEnd).map(toHistoryLine) }),
    ...(banks.length > 0 && { banks: banks.toSorted(byBank).map(toBankLine) }),
  };
}

function toHistoryLine(hold: FormerHold): string {
  return JSON.stringify({ ...toFlat(hold), since: hold.since, until: hold.until });
}

function toBankLine({ fleet, bank, since, polled }: OpenBank): string {
  return JSON.stringify({ fleet, bank, since, polled });
}

function toFlat(of: ClaimIdentity & Pick<FormerHold, 'pool' | 'port' | 'protocols'>) {
  const { fleet, pool, port, protocols, servicePort, part } = of;
  const { source, kind, namespace, name } = of.holder;
  const within = part === undefined ? {} : { [part.kind]: part.name };
  return { fleet, pool, port, protocols, source, kind, namespace, name, ...within, servicePort };
}

function toChecksum(lists: Lists): string {
  const lines = Object.values(lists).flat();
  return `sha256:${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
}

/** As the version of the document has them. */
function listsOf({ state, version }: LedgerDocument): Lists {
  return version === 1 ? { entries: toLines1(state.entries) } : toLists(state);
}

/**
 * Reads what `formatLedger` wrote, or what somebody made of it by hand, in this version or one before it.
 * @throws LedgerDamagedError that says where and why, and names the way out.
 */
export function parseLedger(text: string, place: LedgerPlace): LedgerState {
  const result = readDocument(text, {
    isAsWritten: (document) => toText(listsOf(document), document.version) === text,
    isSound: (document) =>
      document.checksum === undefined || document.checksum === toChecksum(listsOf(document)),
  });
  if (result.kind === 'document') return toSorted(result.document.state);
  const { reason, at } = result;
  const where = at === undefined ? place.location : `${place.location}:${at.line}:${at.column}`;
  const wayOut = result.kind === 'newer' ? 'Start that version again.' : place.wayOut;
  throw new LedgerDamagedError(`${where}: the port ledger cannot be used: ${reason}. ${wayOut}`);
}

function toSorted({ entries, history, banks }: LedgerState): LedgerState {
  return {
    entries: entries.toSorted(byPlace),
    ...(history !== undefined && history.length > 0 && { history: history.toSorted(byEnd) }),
    ...(banks !== undefined && banks.length > 0 && { banks: banks.toSorted(byBank) }),
  };
}
