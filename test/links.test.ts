import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

const root = new URL('..', import.meta.url).pathname;
const packSchema = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);

/** The files of the package, as npm lists them. */
const packed: ReadonlySet<string> = new Set(
  packSchema
    .parse(
      JSON.parse(
        execFileSync(join(process.execPath, '../npm'), ['pack', '--dry-run', '--json', '--ignore-scripts'], {
          cwd: root,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      ),
    )[0]
    .files.map(({ path }) => path),
);
const pages = [...packed].filter((path) => path.endsWith('.md')).toSorted();

interface Link {
  readonly page: string;
  /** From the root of the project; of the page itself for an anchor alone. */
  readonly target: string;
  readonly anchor: string;
}

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

function listLinks(page: string): readonly Link[] {
  return [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
    ([, path = '', anchor = '']) => ({
      page,
      target: path === '' ? page : normalize(join(dirname(page), path)),
      anchor,
    }),
  );
}

/** The anchors of the headings, as GitHub makes them. */
function listAnchors(page: string): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const headings = read(page)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) => {
      const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
      const slug = text.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
      const count = counts.get(slug) ?? 0;
      counts.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

/** Whether the package has it, or something in it. */
function isPacked(target: string): boolean {
  return packed.has(target) || [...packed].some((path) => path.startsWith(`${target}/`));
}

describe('the pages of the package', () => {
  test('are README.md, the guide, and what contributors need', () => {
    for (const page of [
      'README.md',
      'docs/README.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'docs/adr/README.md',
    ])
      expect(pages).toContain(page);
  });

  test.each(pages)('%s links only to what is in the package', (page) => {
    expect(listLinks(page).filter(({ target }) => !isPacked(target))).toEqual([]);
  });

  test.each(pages)('%s links only to headings that there are', (page) => {
    const links = listLinks(page).filter(({ target, anchor }) => anchor !== '' && target.endsWith('.md'));
    expect(links.filter(({ target, anchor }) => !listAnchors(target).has(anchor))).toEqual([]);
  });
});

describe('the guide', () => {
  const guide = pages.filter((page) => /^docs\/[\w-]+\.md$/.test(page) && page !== 'docs/README.md');

  test('lists every page', () => {
    const listed = new Set(listLinks('docs/README.md').map(({ target }) => target));
    expect(guide.filter((page) => !listed.has(page))).toEqual([]);
  });

  test.each(guide)('%s says where to read on', (page) => {
    const onwards = listLinks(page).filter(({ target }) => target !== page && target.endsWith('.md'));
    expect(onwards.length).toBeGreaterThan(0);
    const isMade = read(page).startsWith('<!-- Generated');
    expect([page, isMade || page === 'docs/scale.md' || /\nNext: .*\n$/.test(read(page))]).toEqual([
      page,
      true,
    ]);
  });
});
