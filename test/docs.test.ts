import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toGeneratedFiles } from '../scripts/generated-files.ts';
import { commands } from '../src/cli/commands.ts';
import { problemCodes, type ProblemCode } from '../src/model/problem-codes.ts';
import { portEvents } from '../src/write-back/events/plan-port-events.ts';
import { toReason } from '../src/write-back/events/plan-warnings.ts';
import { runHere } from './unit/cli/run-here.ts';

const root = new URL('..', import.meta.url).pathname;
const problemCodeNames = Object.keys(problemCodes) as ProblemCode[];

describe('generated documents', () => {
  test.each([...toGeneratedFiles()])('%s is what `npm run docs` writes', (path, text) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });
});

describe('Events', () => {
  const texts = pageTexts();

  test('of ports have the reasons that docs/kubernetes.md lists', () => {
    const [, table = ''] = /^\| reason .*\n((?:\|.*\n)+)/m.exec(texts.get('docs/kubernetes.md') ?? '') ?? [];
    const listed = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, reason = '']) => reason);
    expect(listed.toSorted()).toEqual(
      Object.values(portEvents)
        .map(({ reason }) => reason)
        .toSorted(),
    );
  });

  test('that pages show have reasons that there are', () => {
    const warnings = new Set(problemCodeNames.map(toReason));
    const normal = new Set(Object.values(portEvents).map(({ reason }) => reason));
    const shown = [...texts].flatMap(([page, text]) =>
      [...text.matchAll(/^(?:\S+\s+)?(Warning|Normal)\s+([A-Z]\w+)\s/gm)].map(([, type, reason = '']) => ({
        page,
        reason,
        known: (type === 'Warning' ? warnings : normal).has(reason),
      })),
    );
    expect(shown.length).toBeGreaterThan(2);
    expect(shown.filter(({ known }) => !known)).toEqual([]);
  });

  test.each([...texts])('%s calls no problem by a code that there is not', (_page, text) => {
    const named = [...text.matchAll(/\b[Pp]roblems? `([a-z]+(?:-[a-z]+)+)`/g)].map(([, code = '']) => code);
    expect(named.filter((code) => !Object.hasOwn(problemCodes, code))).toEqual([]);
  });
});

describe('exit codes', () => {
  test.each(commands.map(({ spec: { name } }) => name))(
    '%s ends with 2 and one line when the call is wrong',
    async (name) => {
      const { status, out, err } = await runHere(root, ...name.split(' '), '--no-such-option');
      expect({ status, out, lines: err.trimEnd().split('\n').length }).toEqual({
        status: 2,
        out: '',
        lines: 1,
      });
    },
  );

  test('the commands that may end with 1 say when, and no others', () => {
    const ending = listSources('src/cli')
      .filter((path) => readFileSync(join(root, path), 'utf8').includes('exitCodes.problems'))
      .map((path) => basename(path, '.ts').replace('ports-transfer', 'ports'));
    const saying = commands.flatMap(({ spec: { name, finds } }) => (finds === undefined ? [] : name));
    expect(saying.toSorted()).toEqual(ending.toSorted());
  });
});

describe('written documents', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...listMarkdown('docs'),
    ...listMarkdown('examples'),
    ...listMarkdown('traefik'),
  ];

  test.each(pages)('%s names only paths of the project that are there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const paths = [...text.matchAll(/`((?:src|test|docs|examples|scripts|traefik)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  // These two may leave out `src/`, and the part of a path that a reader fills in stands in <>.
  test.each(['docs/architecture.md', 'CONTRIBUTING.md'])('%s names no file that has moved', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const named = [
      ...text.matchAll(/(?<![\w./-])(?:[\w.-]+\/)+(?:[\w.-]+\.(?:ts|mjs|md|ya?ml|json)\b|(?=<))/g),
    ];
    const paths = named.map(([path]) => path);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !isThere(path, ['', 'src', dirname(page)]))).toEqual([]);
  });
});

describe('the table of folders in docs/architecture.md', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `src\/([^`]+)` +\|(.*)\|$/gm)].map(([, name = '', what = '']) => ({
    name,
    what,
  }));

  test('has a row for each folder of src, and for nothing else', () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual(readdirSync(join(root, 'src')).toSorted());
  });

  test.each(rows)('$name has the subfolders that its row names', ({ name, what }) => {
    const subfolders = [...what.matchAll(/`([\w/-]+)\/`/g)].map(([, path = '']) => path);
    expect(subfolders.filter((path) => !isThere(path, [join('src', name)]))).toEqual([]);
  });
});

describe('problem codes', () => {
  const sources = listSources('src').map((path) => readFileSync(join(root, path), 'utf8'));

  test.each(Object.keys(problemCodes))('%s is reported somewhere', (code) => {
    const elsewhere = sources.filter((text) => !/export const \w+Codes = /.test(text));
    expect(elsewhere.some((text) => text.includes(`'${code}'`))).toBe(true);
  });

  test('the table is sorted', () => {
    expect(Object.keys(problemCodes)).toEqual(Object.keys(problemCodes).toSorted());
  });
});

function pageTexts(): ReadonlyMap<string, string> {
  const pages = ['README.md', ...listMarkdown('docs').filter((page) => !page.startsWith('docs/adr/'))];
  return new Map(pages.map((page) => [page, readFileSync(join(root, page), 'utf8')]));
}

function isThere(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => existsSync(join(root, folder, path)));
}

function listMarkdown(folder: string): string[] {
  return listFiles(folder).filter((path) => path.endsWith('.md'));
}

function listSources(folder: string): string[] {
  return listFiles(folder).filter((path) => path.endsWith('.ts'));
}

function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
    join(folder, path),
  );
}
