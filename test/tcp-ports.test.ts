import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Problem } from '../src/model/problem.ts';
import { toDocument } from '../src/settings/config-file.ts';
import { resolveSettings } from '../src/settings/resolve-settings.ts';
import { toObjects } from './golden/support/golden-case.ts';
import { replay, toSets } from './golden/support/replay.ts';

// The stories of docs/tcp-ports.md: what stands there is read, gets its ports, and leaves nothing to complain about.

const page = readFileSync(new URL('../docs/tcp-ports.md', import.meta.url), 'utf8');
const stories = page
  .split(/^## /m)
  .slice(1)
  .map((text) => {
    const [title = ''] = text.split('\n');
    const blocks = [...text.matchAll(/```yaml\n# ([\w.-]+)\n([^]*?)```/g)].map(
      ([, name = '', content = '']) => ({ name, content }),
    );
    return { title, text, blocks };
  });

/** How many ports the Services of a story get; that of SNI none. */
const portsOf: Readonly<Record<string, number>> = {
  'A port for a database': 1,
  'A certain number': 1,
  'A pool for some namespaces': 1,
  'A range': 3,
  'One port for each broker': 3,
  'Many databases on one number': 0,
  'Who the client is': 1,
  'Only from the office': 1,
  'Only healthy endpoints': 1,
  'A pool that grows': 0,
  'Moving from ingress-nginx': 1,
};

test('every story is run', () => {
  expect(stories.map(({ title }) => title)).toEqual(Object.keys(portsOf));
  for (const { text, blocks } of stories) expect(text.split('```yaml').length - 1).toBe(blocks.length);
});

describe.each(stories)('$title', ({ title, blocks }) => {
  const problems: Problem[] = [];
  const configured = blocks.filter(({ name }) => name === 'fairlead.yaml').map(({ content }) => content);
  const record = z.record(z.string(), z.unknown());
  const settings = resolveSettings({
    document: toDocument({
      sources: [{ name: 'prod', directory: { path: '.' } }],
      ...record.parse(parse(configured.join('\n')) ?? {}),
    }),
    env: {},
    folder: '/',
  });
  const objects = blocks
    .filter(({ name }) => name !== 'fairlead.yaml')
    .flatMap(({ content }) => toObjects(content, 'prod', problems));
  const { pipeline, refused } = replay(settings, [toSets(objects)]);

  test('is understood, whole', () => {
    const found = [...problems, ...pipeline.problems(), ...refused];
    // Pods are not part of a story.
    expect(found.filter(({ code }) => code !== 'no-endpoints')).toEqual([]);
  });

  test('gives what it says', () => {
    const { entries } = pipeline.ledger;
    expect(entries.length).toBe(portsOf[title]);
    const named = [
      ...blocks
        .map(({ content }) => content)
        .join('')
        .matchAll(/(?:request-port\.\w+: '|^ {2}')(\d+)'/gm),
    ];
    for (const [, number] of named) expect(entries.map(({ port }) => String(port))).toContain(number);
    const { routers } = z
      .object({ routers: record.default({}) })
      .parse(record.parse(JSON.parse(pipeline.toBody('default').toString()))['tcp'] ?? {});
    if (title.startsWith('Many databases'))
      expect(Object.keys(routers)).toContainEqual(expect.stringContaining('ledger-db'));
  });
});
