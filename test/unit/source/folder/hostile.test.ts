import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDirectoryOnce } from './read-directory-once.ts';
import { createFolder, serviceYaml } from './support.ts';
import { slowness } from '../../../support/slowness.ts';

async function readFile(name: string, content: string | Uint8Array) {
  const folder = await createFolder();
  await writeFile(join(folder, name), content);
  await writeFile(join(folder, 'zz-good.yaml'), serviceYaml('good'));
  const { objects, problems } = await readDirectoryOnce(folder, 'test');
  expect(objects.map(({ meta }) => meta.ref.name)).toContain('good');
  return {
    names: objects.map(({ meta }) => meta.ref.name).filter((each) => each !== 'good'),
    objects,
    problems: problems.map(({ code, message, location }) => ({
      code,
      message,
      at: `${location?.line}:${location?.column}`,
    })),
  };
}

const map = (name: string, rest = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${rest}`;

/** Where something stands when so many lines come before it. */
function inLaterLine(at: string, lines: number): string {
  const [line, column] = at.split(':');
  return `${Number(line) + lines}:${column}`;
}

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x]',
  ...['b', 'c', 'd', 'e', 'f', 'g'].map((key, index) => {
    const former = 'abcdef'[index] ?? '';
    return `${key}: &${key} [${Array.from({ length: 9 }, () => `*${former}`).join(',')}]`;
  }),
].join('\n');

describe('YAML', () => {
  it.each([
    ['an alias bomb', bomb, /Aliases repeat more than/, '5:8'],
    ['an alias of itself', 'a: &a [*a]', /has no anchor before it/, '1:8'],
    ['nesting in brackets', `a: ${'['.repeat(2_000_000)}`, /nest deeper than 100/, undefined],
    ['nesting in lines', '- '.repeat(1_000_000), /nest deeper than 100/, undefined],
    ['nesting in braces', `a: ${'{a: '.repeat(150)}${'}'.repeat(150)}`, /nest deeper than 100/, undefined],
    ['an own tag', 'a: !!js/function "x"', /Unresolved tag/, '1:4'],
    ['a binary tag', 'a: !!binary aGk=', /Unresolved tag/, '1:4'],
    ['a key that is a list', '? [a]\n: b\n', /A key is empty, a list or a mapping/, undefined],
    ['tabs', 'a:\n\tb: 1\n', /./, '2:1'],
    ['half a document', 'a: "x', /quote/, undefined],
  ])('with %s is a syntax error', async (_, text, message, at) => {
    const { names, problems } = await readFile('a.yaml', `kind: ConfigMap\n---\n${text}`);
    expect(names).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'syntax-error', message: expect.stringMatching(message) });
    if (at !== undefined) expect(problems[0]?.at).toBe(inLaterLine(at, 2));
  });

  it.each([
    ['a flat mapping', Array.from({ length: 40_000 }, (_, index) => `k${index}: v`).join('\n')],
    [
      'anchors and aliases',
      Array.from({ length: 9_000 }, (_, index) => `- &a${index} x\n- *a${index}`).join('\n'),
    ],
    ['closing brackets', ']'.repeat(300_000)],
    ['quotation marks', '"'.repeat(300_000)],
    ['faults', ', '.repeat(150_000)],
  ])('of nothing but %s costs time in line with its size', async (_, text) => {
    const before = performance.now();
    await readFile('a.yaml', text);
    expect(performance.now() - before).toBeLessThan(4_000 * slowness());
  });

  it('shows no text of the file in a message', async () => {
    const { problems } = await readFile('a.yaml', 'kind: Secret\nstringData:\n  auth: "geheim\n  x: y"z\n');
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('geheim');
  });

  it('takes __proto__ as a key like any other', async () => {
    const { objects, problems } = await readFile(
      'a.yaml',
      map('p', 'data:\n  __proto__: x\n  constructor: z\n'),
    );
    expect(problems).toEqual([]);
    const [object] = objects;
    expect(object?.kind === 'ConfigMap' && Object.entries(object.data)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'z'],
    ]);
  });

  it('does not let a __proto__ mapping give fields', async () => {
    const { names } = await readFile(
      'a.yaml',
      '__proto__:\n  apiVersion: v1\n  kind: ConfigMap\nmetadata: {name: p}\n',
    );
    expect(names).toEqual([]);
  });

  it('resolves aliases and merge keys, as kubectl does', async () => {
    const text = `${map('p')}x: &base { a: one, b: two }\ndata:\n  <<: *base\n  b: own\n`;
    const { objects, problems } = await readFile('a.yaml', text);
    expect(problems).toEqual([]);
    expect(objects[0]?.kind === 'ConfigMap' && { ...objects[0].data }).toEqual({ a: 'one', b: 'own' });
  });

  it('reads a %YAML 1.2 document by the same rules as any other', async () => {
    const text = `%YAML 1.2\n---\n${map('p', 'data: { a: "on", b: 12:30:45, c: 2026-01-31, d: on }\n')}`;
    const { objects, problems } = await readFile('a.yaml', text);
    expect(objects[0]?.kind === 'ConfigMap' && { ...objects[0].data }).toEqual({
      a: 'on',
      b: '12:30:45',
      c: '2026-01-31',
    });
    expect(problems).toMatchObject([{ code: 'object-malformed', message: expect.stringContaining('true') }]);
  });

  it('takes Windows line ends, a byte order mark, comments and empty documents', async () => {
    const text = `\uFEFF# head\r\n---\r\n---\r\n${map('p').replaceAll('\n', '\r\n')}---\r\n# tail\r\n`;
    const { names, problems } = await readFile('a.yaml', text);
    expect([names, problems]).toEqual([['p'], []]);
  });
});

describe('JSON', () => {
  it.each([
    ['a missing bracket', '{"a": [1, 2}', '1:12'],
    ['a trailing comma', '{"a": 1,\n}', '2:1'],
    ['more text', '{}\n]', '2:1'],
    ['an open text', '{"a": "x\n"}', '1:7'],
    ['an unknown escape', '{"a\\x": 1}', '1:2'],
    ['an unknown escape in a value', '{"a": "\\x"}', '1:7'],
    ['deep nesting', '['.repeat(1_000_000), '1:102'],
    ['an early end', '{"a":', '1:6'],
  ])('with %s is a syntax error', async (_, text, at) => {
    const { problems } = await readFile('a.json', `{"kind": "ConfigMap"}\n${text}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'syntax-error', at: inLaterLine(at, 1) });
  });
});

const item = (name: string): string =>
  `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":{"a":1}}`;

it.each([
  ['a.yaml', map('p', 'data:\n  a: one\n  a: two\n'), '6:3'],
  [
    'a.json',
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"p"},"data":{"a":"one",\n"a":"two"}}`,
    '2:1',
  ],
])('takes the last of two equal keys in %s, as kubectl does, and says so', async (name, text, at) => {
  const { objects, problems } = await readFile(name, text);
  expect(objects[0]?.kind === 'ConfigMap' && { ...objects[0].data }).toEqual({ a: 'two' });
  expect(problems).toMatchObject([
    { code: 'file-key-repeated', at, message: expect.stringContaining('"a" stands twice') },
  ]);
});

it('shows nothing of a file that is no manifest, whatever link leads to it', async () => {
  for (const text of [
    'geheim',
    'geheim: geheim\ngeheim: x\n',
    '- geheim',
    'a: *geheim',
    '!geheim x',
    '{"geheim": geheim',
    '"geheim"',
  ]) {
    for (const name of ['a.yaml', 'a.json']) {
      const { names, problems } = await readFile(name, text);
      expect(names).toEqual([]);
      expect(problems.map(({ code }) => code)).toEqual(['file-skipped']);
      expect(JSON.stringify(problems)).not.toContain('geheim');
    }
  }
});

it('takes a file in UTF-16', async () => {
  const { names, problems } = await readFile('a.yaml', Buffer.from(`\uFEFF${map('p')}`, 'utf16le'));
  expect([names, problems]).toEqual([['p'], []]);
});

it('takes several JSON objects in one file, with the places of each', async () => {
  const { names, problems } = await readFile('a.json', `\uFEFF${item('a')}\n ${item('b')}${item('c')}\n`);
  expect(names).toEqual(['a', 'b', 'c']);
  expect(problems.map(({ at }) => at)).toEqual(['1:71', '2:72', '2:149']);
});

describe('a file', () => {
  it('that is not UTF-8 is reported', async () => {
    const { problems } = await readFile('a.yaml', Uint8Array.of(0x61, 0xff, 0xfe, 0x0a));
    expect(problems).toMatchObject([{ code: 'syntax-error', message: 'The file is not UTF-8 text' }]);
  });

  it('of more than 4 MiB of YAML is refused, but not of JSON', async () => {
    const filler = 'x'.repeat(5 * 1024 * 1024);
    const large = await readFile('a.yaml', map('p', `data: { a: ${filler} }\n`));
    expect(large.problems).toMatchObject([{ code: 'syntax-error', at: '1:1' }]);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'p' }, data: { a: filler } };
    const json = await readFile('a.json', JSON.stringify(object));
    expect([json.names, json.problems]).toEqual([['p'], []]);
  });
});
