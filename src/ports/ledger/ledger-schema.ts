import * as z from 'zod';

import { isPort, type Port } from '../../model/port.ts';
import type { FormerHold, LedgerEntry } from '../../model/ports.ts';

export const text = z.string().min(1);

export const port = z.custom<Port>(
  (value) => typeof value === 'number' && isPort(value),
  'is not a port number',
);

export const protocols = z.union(
  [z.tuple([z.literal('tcp')]), z.tuple([z.literal('udp')]), z.tuple([z.literal('tcp'), z.literal('udp')])],
  'must be ["tcp"], ["udp"] or ["tcp","udp"]',
);

/** RFC 3339 in UTC, as `Date.toISOString` writes it. */
export const time = z.iso.datetime();

const place = {
  fleet: text,
  pool: text,
  port,
  protocols,
  source: text,
  kind: text,
  /** Empty for what is in no namespace. */
  namespace: z.string(),
  name: text,
  endpoint: text.exactOptional(),
  listener: text.exactOptional(),
  servicePort: port,
};

type Flat = z.infer<z.ZodObject<typeof place>>;

/** The holder stands flat in the document, so that one line reads as one sentence. */
function toIdentity<T extends Flat>({ source, kind, namespace, name, endpoint, listener, ...others }: T) {
  const part =
    endpoint !== undefined
      ? { part: { kind: 'endpoint' as const, name: endpoint } }
      : listener !== undefined
        ? { part: { kind: 'listener' as const, name: listener } }
        : {};
  return { ...others, holder: { source, kind, namespace, name }, ...part };
}

const entry = z
  .discriminatedUnion('state', [
    z.strictObject({ ...place, state: z.literal('held'), since: time }),
    z.strictObject({ ...place, state: z.literal('cooling'), freed: time }),
  ])
  .transform((flat): LedgerEntry => (flat.state === 'held' ? toIdentity(flat) : toIdentity(flat)));

const formerHold = z
  .strictObject({ ...place, since: time, until: time })
  .transform((flat): FormerHold => toIdentity(flat));

const bank = z.strictObject({
  fleet: text,
  bank: z.int().min(0),
  since: time,
  polled: time.exactOptional(),
});

/** What tells a ledger of any version from other JSON. */
export const ledgerHeader = z.looseObject({ kind: z.literal('FairleadPorts'), version: z.int() });

/** The version that is written. Those before it are read, too. */
export const ledgerVersion = 2;

/** A ledger of version 2. */
export const ledgerDocument = z.strictObject({
  kind: z.literal('FairleadPorts'),
  version: z.literal(ledgerVersion),
  /** Left out by whoever edits the entries by hand. */
  checksum: z.string().optional(),
  entries: z.array(entry),
  history: z.array(formerHold).exactOptional(),
  banks: z.array(bank).exactOptional(),
});
