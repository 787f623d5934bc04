import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isObject } from '../../../src/lib/raw-object.ts';
import { settingsJsonSchema } from '../../../src/settings/json-schema.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const schema = settingsJsonSchema();
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const validate = ajv.compile(schema);

/** What is wrong with a configuration, as a validator of JSON Schema says it. */
function findMistakes(value: unknown): readonly string[] {
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${Object.values(params).join()}`,
  );
}

const fields = Object.keys(schema['properties'] as object);

/** The configurations in a text: it as a whole, or in ConfigMaps. A manifest is none. */
function listConfigurations(text: string): readonly unknown[] {
  return parseAllDocuments(text).flatMap((document): readonly unknown[] => {
    const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
    if (!isObject(value)) return [];
    const { data } = value;
    if (isObject(data) && typeof data['fairlead.yaml'] === 'string')
      return listConfigurations(data['fairlead.yaml']);
    return Object.keys(value).every((key) => fields.includes(key)) ? [value] : [];
  });
}

function listFiles(pattern: RegExp): readonly string[] {
  const folders = ['docs', 'manifests', 'examples', 'traefik'];
  const below = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  return ['README.md', ...below].filter((path) => pattern.test(path));
}

const samples = listFiles(/\.ya?ml$/).flatMap((path) =>
  listConfigurations(readFileSync(join(root, path), 'utf8')).map((value) => ({ path, value })),
);
const snippets = listFiles(/\.md$/).flatMap((path) => {
  const blocks = readFileSync(join(root, path), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm);
  return [...blocks].flatMap(([, text = '']) => listConfigurations(text).map((value) => ({ path, value })));
});

describe('the JSON Schema of fairlead.yaml', () => {
  test('there are samples and snippets to try it on', () => {
    expect(samples.map(({ path }) => path)).toContain('manifests/base/fairlead.yaml');
    expect(snippets.length).toBeGreaterThan(10);
  });

  test.each([...samples, ...snippets])('takes the configuration in $path', ({ value }) => {
    expect(findMistakes(value)).toEqual([]);
  });

  test.each([
    ['a field that there is not', { sorces: [] }, ' additionalProperties sorces'],
    ['a field within', { provider: { hodl: '4s' } }, '/provider additionalProperties hodl'],
    ['a wrong type', { listen: { provider: 9080 } }, '/listen/provider type string'],
    ['a wrong choice', { log: { format: 'xml' } }, '/log/format enum auto,text,json'],
    ['an empty list', { sources: [] }, '/sources minItems 1'],
    ['what is missing', { sources: [{ directory: { path: '.' } }] }, '/sources/0 required name'],
  ])('refuses %s', (_, value, mistake) => {
    expect(findMistakes(value)).toEqual([mistake]);
  });

  test('takes a version with and without quotes, as Fairlead does', () => {
    expect(['3.7', 3.7].flatMap((traefik) => findMistakes({ fleets: [{ traefik }] }))).toEqual([]);
  });

  test('says of every field what it does, and no example or default is one that it refuses', () => {
    const undescribed: string[] = [];
    const refused: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (!isObject(node)) return;
      const { examples, items, default: standard } = node;
      const properties = isObject(node['properties']) ? node['properties'] : {};
      const { examples: _examples, default: _default, ...own } = node;
      const values = [...(Array.isArray(examples) ? examples : []), ...('default' in node ? [standard] : [])];
      for (const value of values)
        if (!ajv.validate(own, value)) refused.push(`${path}: ${JSON.stringify(value)}`);
      for (const [name, child] of Object.entries(properties)) {
        if (isObject(child) && child['description'] === undefined) undescribed.push(`${path}.${name}`);
        walk(child, `${path}.${name}`);
      }
      walk(items, `${path}[]`);
      for (const choice of Array.isArray(node['anyOf']) ? node['anyOf'] : []) walk(choice, path);
    };
    walk(schema, '');
    expect([undescribed, refused]).toEqual([[], []]);
  });
});

test.each(listFiles(/(?:^|\/)fairlead\.yaml$/))('%s names the schema on its first line', (path) => {
  const [line = ''] = readFileSync(join(root, path), 'utf8').split('\n');
  const [, target = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(line) ?? [];
  expect(resolve(root, dirname(path), target)).toBe(join(root, 'docs/fairlead.schema.json'));
});
