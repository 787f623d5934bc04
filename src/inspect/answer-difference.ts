import type { Answer, ElementRow } from '../model/answer.ts';
import type { PortRow } from '../model/published.ts';
import { compareText } from '../model/object-ref.ts';
import { listFieldChanges, type FieldChange } from './field-changes.ts';

/** An element that is in both answers, and differs. */
export interface ChangedElement extends Omit<ElementRow, 'value'> {
  readonly fields: readonly FieldChange[];
}

/** A pool port that is held on one side only. */
export type HeldPortRow = Pick<
  PortRow,
  'endpoint' | 'fleet' | 'holder' | 'listener' | 'pool' | 'port' | 'protocols' | 'servicePort' | 'source'
>;

/** What one answer has that another one lacks. All lists are in the order of fleet, section and name. */
export interface AnswerDifference {
  readonly added: readonly ElementRow[];
  readonly removed: readonly ElementRow[];
  readonly changed: readonly ChangedElement[];
  readonly ports: { readonly added: readonly HeldPortRow[]; readonly removed: readonly HeldPortRow[] };
  /** Documents that differ though nothing that is shown does: in a secret. */
  readonly hidden: readonly string[];
}

/** What is compared: the documents, and who holds which pool port. */
export interface Side {
  readonly answer: Answer;
  readonly ports: readonly PortRow[];
}

/** What changes from one side to the other. */
export function compareAnswers(before: Side, after: Side): AnswerDifference {
  const former = toMap(before.answer.elements, toElementKey);
  const next = toMap(after.answer.elements, toElementKey);
  const added = [...next].flatMap(([key, row]) => (former.has(key) ? [] : [row]));
  const removed = [...former].flatMap(([key, row]) => (next.has(key) ? [] : [row]));
  const changed = [...next].flatMap(([key, row]) => toChanged(former.get(key), row));
  const seen = new Set([...added, ...removed, ...changed].map(toDocumentKey));
  return {
    added: added.toSorted(byPlace),
    removed: removed.toSorted(byPlace),
    changed: changed.toSorted(byPlace),
    ports: comparePorts(before.ports, after.ports),
    hidden: listDifferent(before.answer, after.answer).filter((document) => !seen.has(document)),
  };
}

/** Whether there is anything to say. */
export function isEmptyDifference({ added, removed, changed, ports, hidden }: AnswerDifference): boolean {
  return [added, removed, changed, ports.added, ports.removed, hidden].every((list) => list.length === 0);
}

function toChanged(former: ElementRow | undefined, row: ElementRow): readonly ChangedElement[] {
  if (former === undefined) return [];
  const fields = listFieldChanges(former.value, row.value);
  const { value: _, ...rest } = row;
  return fields.length === 0 ? [] : [{ ...rest, fields }];
}

/** Documents that both sides have, with other bytes. */
function listDifferent(before: Answer, after: Answer): readonly string[] {
  const former = toMap(before.documents, toDocumentKey);
  return after.documents.flatMap((document) => {
    const key = toDocumentKey(document);
    const known = former.get(key);
    return known === undefined || known.revision === document.revision ? [] : [key];
  });
}

function comparePorts(before: readonly PortRow[], after: readonly PortRow[]): AnswerDifference['ports'] {
  const former = toMap(before.filter(isHeld), toPortKey);
  const next = toMap(after.filter(isHeld), toPortKey);
  return { added: listLacking(former, next), removed: listLacking(next, former) };
}

/** Those of `rows` that `known` lacks. */
function listLacking(
  known: ReadonlyMap<string, PortRow>,
  rows: ReadonlyMap<string, PortRow>,
): readonly HeldPortRow[] {
  return [...rows].flatMap(([key, row]) => (known.has(key) ? [] : [toHeldPortRow(row)]));
}

function toHeldPortRow(row: PortRow): HeldPortRow {
  const { fleet, pool, port, protocols, holder, source, servicePort, endpoint, listener } = row;
  const target = {
    servicePort,
    ...(endpoint !== undefined && { endpoint }),
    ...(listener !== undefined && { listener }),
  };
  return { fleet, pool, port, protocols, holder, source, ...target };
}

function isHeld({ state }: PortRow): boolean {
  return state === 'held';
}

/** Not by the source: the same objects may come from a folder named otherwise. */
function toPortKey(row: PortRow): string {
  const { fleet, port, protocols, holder, servicePort, endpoint = '', listener = '' } = row;
  return [fleet, port, protocols.join('+'), holder, servicePort, endpoint, listener].join(' ');
}

function toElementKey({ fleet, bank, section, key }: ElementRow): string {
  return [fleet, bank, section, key].join(' ');
}

function toDocumentKey({ fleet, bank }: Pick<ElementRow, 'bank' | 'fleet'>): string {
  return bank === 0 ? fleet : `${fleet}/${bank}`;
}

function byPlace(a: Omit<ElementRow, 'value'>, b: Omit<ElementRow, 'value'>): number {
  return (
    compareText(a.fleet, b.fleet) ||
    a.bank - b.bank ||
    compareText(a.section, b.section) ||
    compareText(a.key, b.key)
  );
}

function toMap<T>(items: readonly T[], toKey: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [toKey(item), item]));
}
