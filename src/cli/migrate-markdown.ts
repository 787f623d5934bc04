import type { Migration } from '../model/migration.ts';
import { countText } from '../model/problem.ts';
import { toSections, toSum, type Section } from './migrate-sections.ts';
import { toPrintable } from './table.ts';

/** The report as Markdown, for a ticket or a wiki. No text of a tenant is markup in it. */
export function toMigrationMarkdown(migration: Migration): string {
  return [
    `# Migration from ${migration.from}\n`,
    `${toSum(migration)}\n`,
    ...toSections(migration).map(toMarkdown),
    `## To be looked up, since objects do not show it\n\n${migration.unseen.map((text) => `- ${toCell(text)}\n`).join('')}`,
  ].join('\n');
}

function toMarkdown({ title, header, rows, more }: Section): string {
  const lines = [header, header.map(() => '---'), ...rows.map((row) => row.map(toCell))];
  const rest = more > 0 ? `\nAnd ${countText(more)} more; all of them: \`--output json\`.\n` : '';
  return `## ${title}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}${rest}`;
}

/** Whatever could end a cell, or begin a link, an image or an element of HTML, as the text that it is. */
function toCell(text: string): string {
  return toPrintable(text)
    .replaceAll(/[\\`*_{}[\]<>|#!~&$@]/g, (character) => `\\${character}`)
    .replaceAll('://', '\\://');
}
