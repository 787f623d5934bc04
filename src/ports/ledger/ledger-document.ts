import { createHash } from 'node:crypto';

import type { LedgerState } from '../../model/ports.ts';
import { readDocument } from './ledger-damage.ts';
import type { LedgerDocument } from './ledger-schema.ts';
import { LedgerDamagedError } from './ledger.ts';
import { byPlace } from '../allocation/entries-by-port.ts';

/** How a stored ledger is spoken of in messages. */
export interface LedgerPlace {
  /** Such as the path of the file. */
  readonly location: string;
  /** What an administrator does with a damaged ledger in this place: one or two sentences. */
  readonly wayOut: string;
}

/**
 * The text of a ledger: JSON with one entry on each line, sorted, so that two versions compare line by
 * line. The checksum covers the entries; who edits them by hand removes the line with the checksum.
 */
export function formatLedger(state: LedgerState): string {
  const lines = toLines(state);
  const entries = lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`;
  return `{
  "kind": "FairleadPorts",
  "version": 1,
  "checksum": "${toChecksum(lines)}",
  "entries": ${entries}
}
`;
}

/** The keys always stand in this order, whatever that of the entry. */
function toLines(state: LedgerState): readonly string[] {
  return state.entries.toSorted(byPlace).map((entry) => {
    const { fleet, port, protocols, servicePort } = entry;
    const { source, namespace, name } = entry.holder;
    const time = entry.state === 'held' ? { since: entry.since } : { freed: entry.freed };
    const about = { fleet, port, protocols, source, namespace, name, servicePort };
    return JSON.stringify({ ...about, state: entry.state, ...time });
  });
}

function toChecksum(lines: readonly string[]): string {
  return `sha256:${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
}

/**
 * Reads what `formatLedger` wrote, or what somebody made of it by hand.
 * @throws LedgerDamagedError that says where and why, and names the way out.
 */
export function parseLedger(text: string, place: LedgerPlace): LedgerState {
  const result = readDocument(text, {
    isAsWritten: (document) => formatLedger(toState(document)) === text,
    isSound: (document) =>
      document.checksum === undefined || document.checksum === toChecksum(toLines(toState(document))),
  });
  if (result.kind === 'document') return toState(result.document);
  const { reason, at } = result;
  const where = at === undefined ? place.location : `${place.location}:${at.line}:${at.column}`;
  const wayOut = result.kind === 'newer' ? 'Start that version again.' : place.wayOut;
  throw new LedgerDamagedError(`${where}: the port ledger cannot be used: ${reason}. ${wayOut}`);
}

function toState(document: LedgerDocument): LedgerState {
  return { entries: document.entries.toSorted(byPlace) };
}
