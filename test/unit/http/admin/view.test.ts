import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments, parse } from 'yaml';
import * as z from 'zod';
import { hideOthers, seesNamespace, seesObject } from '../../../../src/http/admin/view.ts';

const view = { namespaces: ['shop', 'game-*'] };

test.each([
  ['shop', true],
  ['game-1', true],
  ['shops', false],
  ['', false],
  ['kube-system', false],
])('a view of shop and game-* sees %j: %s', (namespace, seen) => {
  expect(seesNamespace(view, namespace)).toBe(seen);
  expect(seesNamespace({ namespaces: 'all' }, namespace)).toBe(true);
});

test('an object without a namespace is seen by who sees all only', () => {
  expect(seesObject({ namespaces: ['*'] }, 'IngressClass/shop')).toBe(false);
  expect(seesObject({ namespaces: 'all' }, 'IngressClass/shop')).toBe(true);
  expect(seesObject({ namespaces: ['*'] }, 'Service/shop/db')).toBe(true);
});

const problems = z.array(z.object({ object: z.string(), message: z.string(), hint: z.string() }));
const objects = z.array(
  z.looseObject({
    kind: z.string(),
    metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  }),
);
const golden = new URL('../../../golden', import.meta.url).pathname;
const cases = readdirSync(golden, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('/problems.yaml'))
  .map((path) => path.slice(0, -'/problems.yaml'.length));

test('of all golden cases, no problem names an object that the namespace of its own object may not see', () => {
  let hidden = 0;
  for (const folder of cases) {
    const text = readFileSync(join(golden, folder, 'input.yaml'), 'utf8');
    const found = parseAllDocuments(text).map((document) => document.toJS());
    const all = objects.safeParse(found.filter((each) => each?.metadata?.name !== undefined));
    if (!all.success) continue;
    for (const problem of problems.parse(
      parse(readFileSync(join(golden, folder, 'problems.yaml'), 'utf8')),
    )) {
      const [, own = ''] = problem.object.split('/');
      const mine = JSON.stringify(all.data.filter(({ metadata }) => metadata.namespace === own));
      const others = all.data.flatMap(({ kind, metadata: { namespace = '', name } }) =>
        namespace === '' || namespace === own
          ? []
          : [
              { text: `${kind}/${namespace}/${name}`, word: name },
              { text: `namespace ${namespace} `, word: `"namespace":"${namespace}"` },
            ],
      );
      const said = `${problem.message} ${problem.hint}`;
      const shown = hideOthers({ namespaces: [own] }, said);
      if (shown !== said) hidden += 1;
      // What its own objects name is no secret to it.
      const named = others.filter(({ text: words, word }) => shown.includes(words) && !mine.includes(word));
      expect([folder, problem.object, named, shown]).toEqual([folder, problem.object, [], shown]);
    }
  }
  expect(hidden).toBeGreaterThan(10);
});
