import type { LedgerEntry, LedgerState } from '../../model/ports.ts';
import { toPortKey, type PortKey } from '../claim.ts';
import { findDuplicateKey, findSyntaxError, findValue, type TextPlace } from './json-places.ts';
import { ledgerDocument, ledgerHeader, ledgerVersion } from './ledger-schema.ts';
import { fromVersion1, ledgerDocument1 } from './ledger-version-1.ts';

/** What a text says, whatever its version. */
export interface LedgerDocument {
  readonly version: number;
  /** Left out by whoever edits by hand. */
  readonly checksum: string | undefined;
  /** In the order of the text. */
  readonly state: LedgerState;
}

/** A document that can be trusted, or what is wrong with the text. */
export type DocumentResult =
  | { readonly kind: 'document'; readonly document: LedgerDocument }
  | Damage
  /** Written by a later version of Fairlead: nothing is wrong with it. */
  | { readonly kind: 'newer'; readonly reason: string; readonly at: TextPlace | undefined };

interface Damage {
  readonly kind: 'damage';
  /** The end of a sentence. */
  readonly reason: string;
  readonly at: TextPlace | undefined;
}

export interface DocumentChecks {
  /** Whether the text is exactly what would be written for this document. */
  readonly isAsWritten: (document: LedgerDocument) => boolean;
  /** Whether the checksum fits, where there is one. */
  readonly isSound: (document: LedgerDocument) => boolean;
}

export function readDocument(text: string, checks: DocumentChecks): DocumentResult {
  if (text.trim() === '') return toDamage('it is empty');
  const json = parseJson(text);
  if ('reason' in json) return json;
  const header = ledgerHeader.safeParse(json.value);
  if (!header.success)
    return toDamage('it is not a port ledger: "kind": "FairleadPorts" and a "version" are missing');
  if (header.data.version > ledgerVersion) {
    const reason = `it was written by a newer Fairlead, as version ${header.data.version}, and this one reads versions up to ${ledgerVersion}`;
    return { kind: 'newer', reason, at: findValue(text, ['version']) };
  }
  const parsed = parseVersion(header.data.version, json.value);
  if (!parsed.success) return toFieldDamage(text, parsed.error.issues[0]);
  return findDamage(text, parsed.data, checks) ?? { kind: 'document', document: parsed.data };
}

function parseVersion(version: number, value: unknown) {
  if (version === 1)
    return ledgerDocument1
      .transform(({ checksum, entries }) => ({ version, checksum, state: fromVersion1(entries) }))
      .safeParse(value);
  return ledgerDocument
    .transform(({ checksum, entries, history, banks }) => ({
      version,
      checksum,
      state: { entries, ...(history && { history }), ...(banks && { banks }) },
    }))
    .safeParse(value);
}

function findDamage(text: string, document: LedgerDocument, checks: DocumentChecks): Damage | undefined {
  // What would be written just so has no key twice. The search for one is slow, and only for what was edited.
  const twice = checks.isAsWritten(document) ? undefined : findDuplicateKey(text);
  if (twice !== undefined) return toDamage('a key stands twice in one object', twice);
  const double = findDoubleHolder(document.state.entries);
  if (double !== undefined)
    return toDamage(double.reason, findValue(text, ['entries', double.index, 'port']));
  if (checks.isSound(document)) return undefined;
  const reason =
    'the checksum does not fit the entries (after editing them by hand, remove the line with the checksum)';
  return toDamage(reason, findValue(text, ['checksum']));
}

function findDoubleHolder(
  entries: readonly LedgerEntry[],
): { readonly reason: string; readonly index: number } | undefined {
  const seen = new Set<PortKey>();
  for (const [index, { fleet, port, protocols }] of entries.entries()) {
    for (const protocol of protocols) {
      const key = toPortKey(fleet, protocol, port);
      if (seen.has(key)) {
        return { reason: `${protocol.toUpperCase()} port ${port} of fleet ${fleet} has two entries`, index };
      }
      seen.add(key);
    }
  }
  return undefined;
}

function parseJson(text: string): { readonly value: unknown } | Damage {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const { message } = error instanceof Error ? error : { message: '' };
    // The engine quotes the text, which may be long and hold line ends.
    const why = /unexpected end|unterminated/i.test(message) ? 'it is cut off' : 'it is not valid JSON';
    return toDamage(why, findSyntaxError(text, message));
  }
}

function toFieldDamage(
  text: string,
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): Damage {
  const path = issue?.path ?? [];
  const field = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return toDamage(
    `${field.slice(1) || 'the document'}: ${issue?.message ?? 'unreadable'}`,
    findValue(text, path),
  );
}

function toDamage(reason: string, at?: TextPlace): Damage {
  return { kind: 'damage', reason, at };
}
