import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './built-manifests.ts';

/** A block of shell commands of a page. */
export interface Snippet {
  /** From the root of the project. */
  readonly page: string;
  /** `sh`: a script. `console`: commands after `$ `, each with what it prints. */
  readonly language: 'sh' | 'console';
  /** The word after the language: what a test runs it in. Absent: no test runs it, or another one does. */
  readonly world: string | undefined;
  /** Without its indent. */
  readonly text: string;
  /** The first line, by which tests name it. */
  readonly first: string;
  /** Where it begins in the text of the page. */
  readonly at: number;
}

/** README.md, the pages of docs/ and of traefik/, by their paths from the root of the project. */
export const pages: readonly string[] = [
  'README.md',
  'traefik/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Every block of shell commands on all pages, in order. */
export const snippets: readonly Snippet[] = pages.flatMap((page) =>
  listBlocks(page, '(sh|console)(?: (\\w+))?').map(({ words: [language, world], text, at }) => ({
    page,
    language: language === 'console' ? 'console' : 'sh',
    world,
    text,
    first: text.split('\n')[0] ?? '',
    at,
  })),
);

/** The files that a page shows whole before one of its blocks, each as it is shown last: blocks of YAML that begin with a name as `# values.yaml`. */
export function listFilesBefore({ page, at }: Pick<Snippet, 'page' | 'at'>): ReadonlyMap<string, string> {
  const shown = listBlocks(page, 'yaml').filter((block) => block.at < at);
  return new Map(
    shown.flatMap(({ text }) => {
      const [, name] = /^# ([\w-]+\.yaml)\n/.exec(text) ?? [];
      return name === undefined ? [] : [[name, text]];
    }),
  );
}

/** Every block of YAML of a page. */
export function listYaml(page: string): readonly string[] {
  return listBlocks(page, 'yaml').map(({ text }) => text);
}

function listBlocks(
  page: string,
  info: string,
): readonly {
  readonly words: readonly (string | undefined)[];
  readonly text: string;
  readonly at: number;
}[] {
  const blocks = readFileSync(join(root, page), 'utf8').matchAll(
    new RegExp(`^( *)\`\`\`${info}\\n([^]*?)^ *\`\`\``, 'gm'),
  );
  return [...blocks].map((match) => {
    const [, indent = '', ...groups] = match;
    return {
      words: groups.slice(0, -1),
      text: (groups.at(-1) ?? '').replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      at: match.index,
    };
  });
}

/** A command of a `console` block, and what it prints. */
export interface Command {
  readonly line: string;
  readonly prints: readonly string[];
}

export function toCommands({ text }: Pick<Snippet, 'text'>): readonly Command[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [line = '', ...prints] = part.replaceAll('\\\n', '').trimEnd().split('\n');
      return { line, prints };
    });
}

/**
 * Whether a text is what a page shows: line by line, with … for any text, a line of … for any lines, runs of blanks as one, and ages such
 * as `2s` for any age.
 */
export function isShown(text: string, prints: readonly string[]): boolean {
  const pattern = prints.map((line) =>
    line === '…' ? '(?:.*\\n)*' : `${simplify(line).split('…').map(escape).join('.*')}\\n`,
  );
  const simple = text.trimEnd().split('\n').map(simplify).join('\n');
  return new RegExp(`^${pattern.join('')}$`).test(simple === '' ? '' : `${simple}\n`);
}

function simplify(line: string): string {
  return line
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replace(/^(\d+[smh])+ /, 'AGE ');
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
