import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { endpoints } from '../scripts/http-api-page.ts';
import { toGeneratedFiles } from '../scripts/generated-files.ts';
import { problemCodes } from '../src/model/problem-codes.ts';

const root = new URL('..', import.meta.url).pathname;

describe('generated documents', () => {
  test.each([...toGeneratedFiles()])('%s is what `npm run docs` writes', (path, text) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });
});

test('docs/http-api.md has every address that the admin listener names, and no other', () => {
  const index = readFileSync(join(root, 'src/http/admin/admin-app.ts'), 'utf8');
  const named = [...index.matchAll(/^(\/api\/\S+)/gm)].map(([, path = '']) => path);
  const lists = ['routes', 'ports', 'problems'].map((list) => `/api/search/${list}`);
  const expected = named.flatMap((path) => (path === '/api/search/{list}' ? lists : path));
  const described = endpoints.map(({ path }) => path);
  expect([...described, '/api/events'].toSorted()).toEqual(expected.toSorted());
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

  test.each(pages)('%s links only to what is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

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
