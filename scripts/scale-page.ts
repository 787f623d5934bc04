import { readFileSync } from 'node:fs';
import { toChoiceTable, toClusterTable, toConstantsTable, toScaleTable } from './scale/tables.ts';

/** The tables that the model of `npm run scale` makes, by the name of their place in docs/scale.md. */
export const scaleTables: Readonly<Record<string, () => string>> = {
  endpoints: () => toScaleTable('endpoints'),
  clusterip: () => toScaleTable('clusterip'),
  choices: toChoiceTable,
  clusters: toClusterTable,
  constants: toConstantsTable,
};

/** docs/scale.md with its tables made again. All else in it is written by hand. */
export function toScalePage(): string {
  const page = readFileSync(new URL('../docs/scale.md', import.meta.url), 'utf8');
  return Object.entries(scaleTables).reduce((text, [name, toTable]) => fill(text, name, toTable()), page);
}

function fill(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- npm run docs: ${name} -->\n`, '<!-- end -->'];
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/scale.md has no place for the table ${name}`);
  return `${page.slice(0, from + begin.length)}\n<!-- prettier-ignore -->\n${table}\n\n${page.slice(to)}`;
}
