import { describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { isObject } from '../src/lib/raw-object.ts';
import { fileSchema } from '../src/settings/schema.ts';
import { listYaml, pages } from './support/snippets.ts';
import { runWithInput } from './unit/cli/run-here.ts';

// Every block of YAML of the pages is objects, a configuration or a part of one, metadata with annotations, or is listed below.

/** The beginnings of blocks that others judge, by who does. */
const others: Readonly<Record<string, readonly string[]>> = {
  'test/manifests-guide.test.ts builds them': [
    '# kustomization.yaml\n',
    '# added to kustomization.yaml\n',
    '# changed in kustomization.yaml\n',
  ],
  'test/chart.test.ts installs with it': ['# values.yaml\n'],
  'it is of GitHub Actions: test/unit/cli/check.test.ts has what it uploads': ['- run: npx fairlead check'],
  'test/manifests.test.ts has the image of this name': ['images:\n  - { name: fairlead-edge,'],
  'it is a comment for editors: test/deploy.test.ts has files with it': ['# yaml-language-server: '],
  'it is of Argo CD, which is not in the tests': ['# Of an Application\n'],
};
const judgedElsewhere = Object.values(others).flat();

type Form = 'objects' | 'configuration' | 'metadata' | 'other';

function toForm(text: string): Form {
  const values = parseAllDocuments(text).map((document): unknown =>
    document.errors.length > 0 ? undefined : document.toJS(),
  );
  if (
    values.length > 0 &&
    values.every(
      (value) => isObject(value) && isObject(value['metadata']) && typeof value['kind'] === 'string',
    )
  )
    return 'objects';
  const [value] = values;
  if (!isObject(value) || judgedElsewhere.some((beginning) => text.startsWith(beginning))) return 'other';
  return isObject(value['metadata']) ? 'metadata' : 'configuration';
}

const blocks = pages.flatMap((page) =>
  listYaml(page).map((text, index) => ({ page, index, text, form: toForm(text) })),
);
const ofForm = (form: Form): typeof blocks => blocks.filter((block) => block.form === form);

const problemsSchema = z.array(z.object({ code: z.string(), message: z.string() }));

async function check(text: string): Promise<z.infer<typeof problemsSchema>> {
  const { out } = await runWithInput(text, '/', 'check', '-', '--output', 'json');
  return problemsSchema.parse(JSON.parse(out));
}

/** What stands elsewhere, as a page shows one object of several, and what a stream has not: another source, and where a plan is written down. */
const isElsewhere = ({ code, message }: { readonly code: string; readonly message: string }): boolean =>
  ['no-endpoints', 'secret-missing', 'move-target-empty'].includes(code) ||
  /^(There is no (Service|ConfigMap|Secret) |Service second\/shop\/shop does not exist|A plan is not possible in a folder)/.test(
    message,
  );

describe('the objects of the pages have no problems', () => {
  // Those of docs/tcp-ports.md need their configurations: test/tcp-ports.test.ts.
  const manifests = ofForm('objects').filter(({ page }) => page !== 'docs/tcp-ports.md');
  test('and are many', () => expect(manifests.length).toBeGreaterThan(12));

  test.each(manifests)('$page, number $index', async ({ text }) => {
    expect((await check(text)).filter((problem) => !isElsewhere(problem))).toEqual([]);
  });
});

describe('the configurations of the pages are taken', () => {
  const configurations = ofForm('configuration');
  test('and are many', () => expect(configurations.length).toBeGreaterThan(15));

  test.each(configurations)('$page, number $index', ({ text }) => {
    const part: unknown = parseAllDocuments(text)[0]?.toJS();
    const source = { name: 'cluster', kubernetes: {} };
    const whole = { sources: [source], ...z.looseObject({}).parse(part) };
    expect(fileSchema.safeParse(whole).error?.issues).toBeUndefined();
  });
});

test.each(ofForm('metadata'))('the annotations of $page, number $index, are there', async ({ text }) => {
  const { metadata } = z
    .looseObject({ metadata: z.looseObject({}) })
    .parse(parseAllDocuments(text)[0]?.toJS());
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, name: 'shop', namespace: 'shop' },
    spec: { ports: [{ name: 'mysql', port: 3306 }] },
  };
  const found = await check(stringify(service));
  expect(found.filter(({ code }) => ['annotation-unknown', 'annotation-invalid'].includes(code))).toEqual([]);
});

test('each other block is judged elsewhere', () => {
  const texts = ofForm('other').map(({ text }) => text);
  expect(texts.filter((text) => !judgedElsewhere.some((beginning) => text.startsWith(beginning)))).toEqual(
    [],
  );
  expect(judgedElsewhere.filter((beginning) => !texts.some((text) => text.startsWith(beginning)))).toEqual(
    [],
  );
});
