import type { Finding, MigratedObject, Migration } from '../model/migration.ts';
import { countText, cut } from '../model/problem.ts';

/** A part of the report: a table, with what is left out of it. */
export interface Section {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many rows there are beyond these. */
  readonly more: number;
}

/** Of long tables so many rows are shown; the JSON has them all. */
const mostRows = 200;
const mostFindings = 5;
const mostText = 300;

/** The report as tables, for text and Markdown alike; empty ones are left out. */
export function toSections(migration: Migration): readonly Section[] {
  const { objects, annotations, ports, portProblems, settings, improvements, foreign, others } = migration;
  const several = new Set(objects.map(({ source }) => source)).size > 1;
  return [
    toSection(
      'What is lost, or becomes nothing',
      ['object', 'what', 'why', 'what to do'],
      objects.flatMap((each) => toLost(each, several)),
    ),
    toSection(
      'What differs',
      ['object', 'what', 'how'],
      objects.flatMap((each) => toRemarks(each, several, each.differs)),
    ),
    toSection(
      'What was so before, or is worth knowing',
      ['object', 'what', 'how'],
      objects.flatMap((each) => (each.verdict === 'not-routed' ? [] : toRemarks(each, several, each.notes))),
    ),
    toSection(
      'Annotations',
      ['annotation', 'same', 'differs', 'lost', 'how or why'],
      annotations.map((row) => [
        row.key,
        ...[row.same, row.differs, row.lost].map(countText),
        cut(joinSentences([row.says, row.hint]), mostText),
      ]),
    ),
    toSection(
      'TCP and UDP services',
      ['port', 'leads to'],
      ports.map(({ port, protocol, service }) => [`${port}/${protocol}`, service]),
    ),
    toSection(
      'What is wrong with TCP and UDP services',
      ['where', 'what', 'what to do'],
      portProblems.map(({ what, says, hint = '' }) => [what, says, hint]),
    ),
    toSection(
      'Settings of the controller',
      ['setting', 'where', 'becomes', 'how'],
      settings.map(({ key, place, fate, says }) => [key, place, fate, says]),
    ),
    toSection(
      'What the class fairlead would do otherwise',
      ['what', 'objects', 'for instance', 'now', 'then'],
      improvements.map(({ says, objects: count, example }) => [
        says,
        countText(count),
        example.object,
        example.now,
        example.otherwise,
      ]),
    ),
    toSection(
      'Annotations of others',
      ['prefix', 'objects', 'whose'],
      foreign.map(({ prefix, objects: count, says }) => [prefix, countText(count), says]),
    ),
    toSection(
      'Ingresses of other controllers, which stay with them',
      ['class', 'count'],
      others.map(({ ingressClass, count }) => [
        ingressClass === '' ? '(none)' : ingressClass,
        countText(count),
      ]),
    ),
  ].filter(({ rows }) => rows.length > 0);
}

/** The sum in a sentence. */
export function toSum({ from, totals }: Migration): string {
  const { objects, same, differs, loses, 'not-routed': none } = totals;
  return `Of ${countText(objects)} objects of ${from} ${countText(same)} carry over as they are, ${countText(differs)} differ, ${countText(loses)} lose something, and ${countText(none)} become nothing.`;
}

/** What says what is wrong has no full stop of its own. */
function joinSentences(texts: readonly string[]): string {
  const given = texts.filter((text) => text !== '');
  return given
    .map((text, index) => (index < given.length - 1 && !text.endsWith('.') ? `${text}.` : text))
    .join(' ');
}

function toSection(title: string, header: readonly string[], rows: readonly (readonly string[])[]): Section {
  return { title, header, rows: rows.slice(0, mostRows), more: Math.max(0, rows.length - mostRows) };
}

function toLost(each: MigratedObject, several: boolean): readonly (readonly string[])[] {
  const { verdict, lost, notes } = each;
  const findings = verdict === 'not-routed' && lost.length === 0 ? notes : lost;
  if (verdict === 'not-routed' && findings.length === 0)
    return [[toName(each, several), '', 'none of its rules becomes a route', '']];
  return toRows(each, several, findings).map(([name, { what, says, hint = '' }]) => [
    name,
    what,
    cut(says, mostText),
    cut(hint, mostText),
  ]);
}

function toRemarks(
  each: MigratedObject,
  several: boolean,
  findings: readonly Finding[],
): readonly (readonly string[])[] {
  return toRows(each, several, findings).map(([name, { what, says }]) => [name, what, cut(says, mostText)]);
}

function toRows(
  each: MigratedObject,
  several: boolean,
  findings: readonly Finding[],
): readonly (readonly [string, Finding])[] {
  const shown = findings.slice(0, mostFindings);
  const more = findings.length - shown.length;
  const rest = more > 0 ? [{ what: '', says: `and ${more} more; all of them: --output json` }] : [];
  return [...shown, ...rest].map(
    (finding, index) => [index === 0 ? toName(each, several) : '', finding] as const,
  );
}

function toName({ object, source }: MigratedObject, several: boolean): string {
  return several ? `${object} (source ${source})` : object;
}
