import { emptyLedger, type HolderPart, type LedgerEntry, type LedgerState } from '../../model/ports.ts';
import type { PortRow } from '../../model/published.ts';
import { compareText } from '../../model/object-ref.ts';

/**
 * The ports that rows say are held, as a ledger that gives them to the same holders again. With a source all holders are of that
 * one: a folder on a command line is not named like the source whose objects it has.
 */
export function toLedgerOfRows(rows: readonly PortRow[], source?: string): LedgerState {
  const held = rows.filter(({ state }) => state === 'held');
  if (held.length === 0) return emptyLedger;
  return { entries: held.map((row) => toEntry(row, source)).toSorted(byPort) };
}

function toEntry(row: PortRow, source = row.source): LedgerEntry {
  const { fleet, pool, port, protocols, servicePort, since } = row;
  const [kind = '', namespace = '', name = ''] = row.holder.split('/');
  const part = toPart(row);
  const holder = { source, kind, namespace, name };
  return { fleet, pool, port, protocols, servicePort, holder, ...(part && { part }), state: 'held', since };
}

function toPart({ endpoint, listener }: PortRow): HolderPart | undefined {
  if (listener !== undefined) return { kind: 'listener', name: listener };
  return endpoint === undefined ? undefined : { kind: 'endpoint', name: endpoint };
}

function byPort(a: LedgerEntry, b: LedgerEntry): number {
  return (
    compareText(a.fleet, b.fleet) ||
    a.port - b.port ||
    compareText(a.protocols.join('+'), b.protocols.join('+'))
  );
}
