import type { Migration } from '../model/migration.ts';
import { countText } from '../model/problem.ts';
import { toSections, toSum, type Section } from './migrate-sections.ts';
import { toTable } from './table.ts';

/** The report for a terminal. */
export function toMigrationText(migration: Migration): string {
  return [
    `${toSum(migration)}\n`,
    ...toSections(migration).map(toText),
    `To be looked up, since objects do not show it:\n${migration.unseen.map((text) => `  - ${text}\n`).join('')}`,
  ].join('\n');
}

function toText({ title, header, rows, more }: Section): string {
  const table = toTable([header.map((cell) => cell.toUpperCase()), ...rows].map((row) => ['', ...row]));
  const rest = more > 0 ? `  and ${countText(more)} more; all of them: --output json\n` : '';
  return `${title}\n${table}${rest}`;
}
