import {
  isEmptyDifference,
  type AnswerDifference,
  type ChangedElement,
  type HeldPortRow,
} from '../inspect/answer-difference.ts';
import type { FieldChange } from '../inspect/field-changes.ts';
import type { ProblemDifference } from './problem-difference.ts';
import { isObject } from '../lib/raw-object.ts';
import type { ElementRow } from '../model/answer.ts';
import { countText, cut } from '../model/problem.ts';
import { toProblemLine } from './problem-text.ts';
import { toPrintable } from './table.ts';
import { toTargetText } from '../model/target-text.ts';

/** So many lines of each kind are shown; all of them are in the JSON. */
const mostRows = 200;
const mostFields = 8;
const mostText = 160;

type Sign = '+' | '-' | '~';

const colourOf: Readonly<Record<Sign, string>> = { '+': '\u001B[32m', '-': '\u001B[31m', '~': '\u001B[33m' };

/** A difference for people: a line for each element, and the sum. */
export function toDifferenceText(
  { added, removed, changed, ports, hidden }: AnswerDifference,
  problems: ProblemDifference,
  colours: boolean,
): string {
  const sign = (mark: Sign): string => (colours ? `${colourOf[mark]}${mark}\u001B[0m` : mark);
  const lines = [
    ...shorten(removed.map((row) => `${sign('-')} ${toElementText(row)}`)),
    ...shorten(added.map((row) => `${sign('+')} ${toElementText(row)}`)),
    ...shorten(changed.map((row) => `${sign('~')} ${toChangedText(row)}`)),
    ...shorten(ports.removed.map((row) => `${sign('-')} ${toPortText(row)}`)),
    ...shorten(ports.added.map((row) => `${sign('+')} ${toPortText(row)}`)),
    ...hidden.map((document) => `${sign('~')} fleet ${document}: something that is secret`),
    ...shorten(problems.added.map((row) => `! ${toProblemLine(row, colours)}`)),
  ];
  return `${lines.map((line) => `${line}\n`).join('')}${toSum({ added, removed, changed, ports, hidden }, problems)}\n`;
}

function toSum(
  { added, removed, changed, ports, hidden }: AnswerDifference,
  problems: ProblemDifference,
): string {
  const isNothing = isEmptyDifference({ added, removed, changed, ports, hidden });
  const elements = `${countText(added.length)} added, ${countText(removed.length)} removed, ${countText(changed.length)} changed`;
  const sum = `${elements} (of routers ${countRouters(added)}, ${countRouters(removed)} and ${countRouters(changed)}); ports: ${ports.added.length} given, ${ports.removed.length} given back`;
  const news = `problems: ${countText(problems.added.length)} new, ${countText(problems.removed.length)} gone`;
  return `${isNothing ? 'Nothing changes' : sum}; ${news}.`;
}

function countRouters(rows: readonly Pick<ElementRow, 'section'>[]): string {
  return countText(rows.filter(({ section }) => section.endsWith('.routers')).length);
}

function shorten(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostRows) return lines;
  return [
    ...lines.slice(0, mostRows),
    `  and ${countText(lines.length - mostRows)} more; all of them: --output json`,
  ];
}

function toElementText(row: ElementRow): string {
  const { value } = row;
  const rule = isObject(value) && typeof value['rule'] === 'string' ? ` ${value['rule']}` : '';
  return toPrintable(`${toName(row)}${cut(rule, mostText)}${toOrigin(row)}`);
}

function toChangedText(row: ChangedElement): string {
  const shown = row.fields.slice(0, mostFields).map((field) => `\n    ${toPrintable(toFieldText(field))}`);
  const more = row.fields.length - shown.length;
  return `${toPrintable(`${toName(row)}${toOrigin(row)}`)}${shown.join('')}${more > 0 ? `\n    and ${more} fields more` : ''}`;
}

function toFieldText({ path, before, after }: FieldChange): string {
  if (before === undefined) return `${path}: + ${toValueText(after)}`;
  if (after === undefined) return `${path}: - ${toValueText(before)}`;
  return `${path}: ${toValueText(before)} -> ${toValueText(after)}`;
}

function toValueText(value: unknown): string {
  return cut(typeof value === 'string' ? value : JSON.stringify(value), mostText);
}

function toName({
  fleet,
  bank,
  section,
  key,
}: Pick<ElementRow, 'bank' | 'fleet' | 'key' | 'section'>): string {
  return `${fleet}${bank === 0 ? '' : `/${bank}`} ${section} ${key}`;
}

function toOrigin({ object }: Pick<ElementRow, 'object'>): string {
  return object === '' ? '' : ` (${object})`;
}

function toPortText(row: HeldPortRow): string {
  return toPrintable(
    `${row.fleet} port ${row.port}/${row.protocols.join('+')} for ${row.holder} ${toTargetText(row)}`,
  );
}
