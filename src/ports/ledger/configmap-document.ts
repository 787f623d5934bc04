import { createHash } from 'node:crypto';

import type { Port } from '../../model/port.ts';
import type { FormerHold, LedgerEntry, LedgerState, OpenBank } from '../../model/ports.ts';
import { toPortKey, type PortKey } from '../claim.ts';
import { byEnd } from '../allocation/history.ts';
import { byBank } from '../banks/open-banks.ts';
import { formatLedger, parseLedger, type LedgerPlace } from './ledger-document.ts';
import { LedgerDamagedError } from './ledger.ts';
import { byPlace } from '../allocation/entries-by-port.ts';

/** The key of the text of a ledger, in the ConfigMap itself and in its parts. */
export const textKey = 'ports.json';
/** The key of the list of parts: their names, one on each line. */
export const partsKey = 'parts';

/** A part as it is to be stored. */
export interface Part {
  readonly name: string;
  readonly text: string;
  readonly state: LedgerState;
}

/** The `data` of the ConfigMap. Exactly one of the two keys is set; null removes the other one in a merge patch. */
export interface HeadData {
  readonly [textKey]: string | null;
  readonly [partsKey]: string | null;
}

export interface StoredLedger {
  readonly data: HeadData;
  readonly parts: readonly Part[];
}

export interface StoreOptions {
  /** The name of the ConfigMap. */
  readonly name: string;
  /** The version that this is to replace. It makes the names of new parts unique. */
  readonly base: string;
  /** The names of parts that the replaced version has, by their text: they are named again. */
  readonly known: ReadonlyMap<string, string>;
  /** Beyond so many bytes the text is split. */
  readonly mostBytes?: number;
}

/**
 * About 1,400 entries. A ConfigMap holds 1 MiB, but each commit writes the whole text and sends it to every replica, and
 * etcd keeps each version for some minutes.
 */
const mostInlineBytes = 256 * 1024;
/** The ports of one part. With all names as long as they can be, both protocols of so many ports, and the longest history, are below 1 MiB. */
const portsPerPart = 500;

/**
 * How a ledger is stored: the very text of a ledger file where that is short; beyond, in parts by blocks of 500 ports, each
 * the text of a ledger of its own, so that a change costs one part. A part never changes: another text has another name.
 */
export function toStored(state: LedgerState, options: StoreOptions): StoredLedger {
  const { name, base, known, mostBytes = mostInlineBytes } = options;
  const text = formatLedger(state);
  if (Buffer.byteLength(text) <= mostBytes) return { data: { [textKey]: text, [partsKey]: null }, parts: [] };
  const parts = toBlocks(state).map(({ label, ...block }) => {
    const part = formatLedger(block);
    const partName = known.get(part) ?? `${name}-${label}-${toHash(`${base}\n${part}`)}`;
    return { name: partName, text: part, state: block };
  });
  const names = parts.map((part) => `${part.name}\n`).join('');
  return { data: { [textKey]: null, [partsKey]: names }, parts };
}

interface Block {
  /** Stands in the name of the part. */
  readonly label: string;
  readonly entries: readonly LedgerEntry[];
  readonly history?: readonly FormerHold[];
  readonly banks?: readonly OpenBank[];
}

function toBlocks({ entries, history = [], banks = [] }: LedgerState): readonly Block[] {
  const heldBy = groupByBlock(entries.toSorted(byPlace));
  const formerBy = groupByBlock(history);
  const keys = new Set([...heldBy.keys(), ...formerBy.keys()]);
  const blocks = [...keys].map((key): Block => {
    const former = formerBy.get(key);
    const label = key.split(' ')[0] ?? '';
    return { label, entries: heldBy.get(key) ?? [], ...(former && { history: former }) };
  });
  return banks.length === 0 ? blocks : [...blocks, { label: 'banks', entries: [], banks }];
}

function groupByBlock<T extends { readonly fleet: string; readonly port: Port }>(
  items: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const blocks = new Map<string, T[]>();
  for (const item of items) {
    const key = `${item.port - (item.port % portsPerPart)} ${item.fleet}`;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, [item]);
    else block.push(item);
  }
  return blocks;
}

function toHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Where the entries are, as the `data` of the ConfigMap tells. */
export type HeadContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parts'; readonly names: readonly string[] };

/** @throws LedgerDamagedError when it tells neither or both. */
export function toHeadContent(data: Readonly<Record<string, string>>, place: LedgerPlace): HeadContent {
  const text = data[textKey];
  const parts = data[partsKey];
  if (text !== undefined && parts === undefined) return { kind: 'text', text };
  if (text === undefined && parts !== undefined)
    return {
      kind: 'parts',
      names: parts
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    };
  const reason = text === undefined ? 'it has neither of the keys' : 'it has both of the keys';
  return fail(place, `${reason} ${textKey} and ${partsKey}`);
}

/** Parts as one state. @throws LedgerDamagedError when two of them have the same port, as after an edit by hand. */
export function joinParts(parts: readonly LedgerState[], place: LedgerPlace): LedgerState {
  const entries = parts.flatMap((part) => part.entries).sort(byPlace);
  const seen = new Set<PortKey>();
  for (const { fleet, port, protocols } of entries) {
    for (const protocol of protocols) {
      const key = toPortKey(fleet, protocol, port);
      if (seen.has(key))
        fail(
          place,
          `${protocol.toUpperCase()} port ${port} of fleet ${fleet} has two entries, in different parts`,
        );
      seen.add(key);
    }
  }
  const history = parts.flatMap((part) => part.history ?? []).sort(byEnd);
  const banks = parts.flatMap((part) => part.banks ?? []).sort(byBank);
  return { entries, ...(history.length > 0 && { history }), ...(banks.length > 0 && { banks }) };
}

/** @throws LedgerDamagedError that names the key as well. */
export function parseStoredText(text: string, place: LedgerPlace): LedgerState {
  return parseLedger(text, { ...place, location: `${place.location}, ${textKey}` });
}

/** @throws LedgerDamagedError always. */
export function fail(place: LedgerPlace, reason: string): never {
  throw new LedgerDamagedError(
    `${place.location}: the port ledger cannot be used: ${reason}. ${place.wayOut}`,
  );
}

/**
 * How a ConfigMap of the ledger is spoken of, and how it is repaired: by an edit without the checksum, or by deleting the
 * ledger, since the annotations of the Services say the same again.
 */
export function toConfigMapPlace(namespace: string, ledger: string, part: string = ledger): LedgerPlace {
  const kubectl = `kubectl -n ${namespace}`;
  return {
    location: `ConfigMap ${namespace}/${part}`,
    wayOut: `Mend it with "${kubectl} edit configmap ${part}" and remove the line with the checksum, or put a backup without its resourceVersion and uid back with "${kubectl} replace -f". Without a backup: delete it with "${kubectl} delete configmap ${ledger}". Fairlead then writes what it remembers, or takes the ports from the annotations of the Services.`,
  };
}
