import * as z from 'zod';

import { defaultPool, type LedgerEntry, type LedgerState } from '../../model/ports.ts';
import { byPlace } from '../allocation/entries-by-port.ts';
import { port, protocols, text, time } from './ledger-schema.ts';

const place = {
  fleet: text,
  port,
  protocols,
  source: text,
  namespace: text,
  name: text,
  servicePort: port,
};

/** A ledger of version 1: of Services and of one pool for each fleet; `resting` is what cools down. */
export const ledgerDocument1 = z.strictObject({
  kind: z.literal('FairleadPorts'),
  version: z.literal(1),
  checksum: z.string().optional(),
  entries: z.array(
    z.discriminatedUnion('state', [
      z.strictObject({ ...place, state: z.literal('held'), since: time }),
      z.strictObject({ ...place, state: z.literal('resting'), freed: time }),
    ]),
  ),
});

type Entry1 = z.infer<typeof ledgerDocument1>['entries'][number];

export function fromVersion1(entries: readonly Entry1[]): LedgerState {
  return { entries: entries.map(toEntry) };
}

function toEntry(entry: Entry1): LedgerEntry {
  const { fleet, port: number, protocols: on, source, namespace, name, servicePort } = entry;
  const holder = { source, kind: 'Service', namespace, name };
  const base = { fleet, pool: defaultPool, port: number, protocols: on, holder, servicePort };
  return entry.state === 'held'
    ? { ...base, state: 'held', since: entry.since }
    : { ...base, state: 'cooling', freed: entry.freed };
}

/** The lines of version 1, which its checksum covers. */
export function toLines1(entries: readonly LedgerEntry[]): readonly string[] {
  return entries.toSorted(byPlace).map((entry) => {
    const { fleet, port: number, protocols: on, servicePort, holder } = entry;
    const { source, namespace, name } = holder;
    const about = { fleet, port: number, protocols: on, source, namespace, name, servicePort };
    return JSON.stringify(
      entry.state === 'held'
        ? { ...about, state: 'held', since: entry.since }
        : { ...about, state: 'resting', freed: entry.freed },
    );
  });
}
