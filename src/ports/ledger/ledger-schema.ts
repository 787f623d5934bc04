import * as z from 'zod';

import { isPort, type Port } from '../../model/port.ts';
import type { LedgerEntry } from '../../model/ports.ts';

const text = z.string().min(1);

const port = z.custom<Port>((value) => typeof value === 'number' && isPort(value), 'is not a port number');

const protocols = z.union(
  [z.tuple([z.literal('tcp')]), z.tuple([z.literal('udp')]), z.tuple([z.literal('tcp'), z.literal('udp')])],
  'must be ["tcp"], ["udp"] or ["tcp","udp"]',
);

const place = {
  fleet: text,
  port,
  protocols,
  source: text,
  namespace: text,
  name: text,
  servicePort: port,
};

/** RFC 3339 in UTC, as `Date.toISOString` writes it. */
const time = z.iso.datetime();

const entry = z
  .discriminatedUnion('state', [
    z.strictObject({ ...place, state: z.literal('held'), since: time }),
    z.strictObject({ ...place, state: z.literal('resting'), freed: time }),
  ])
  .transform(({ source, namespace, name, ...rest }): LedgerEntry => ({
    ...rest,
    holder: { source, namespace, name },
  }));

/** What tells a ledger of any version from other JSON. */
export const ledgerHeader = z.looseObject({ kind: z.literal('FairleadPorts'), version: z.int() });

/** A ledger of version 1. */
export const ledgerDocument = z.strictObject({
  kind: z.literal('FairleadPorts'),
  version: z.literal(1),
  /** Left out by whoever edits the entries by hand. */
  checksum: z.string().optional(),
  entries: z.array(entry),
});

export type LedgerDocument = z.infer<typeof ledgerDocument>;
