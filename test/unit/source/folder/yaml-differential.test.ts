import * as fc from 'fast-check';
import { loadAll, CORE_SCHEMA } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { toYamlDocuments } from '../../../../src/source/folder/yaml-documents.ts';
import { toOddYaml, type Json } from './yaml-emitter.ts';

const text = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', 'b c', 'one two three four', 'it is so', 'on', 'yes', 'null', 'x'),
  },
  fc.constantFrom(
    '',
    'line\n',
    'two\nlines',
    "it's",
    '"',
    'a: b',
    '# no',
    '- no',
    '---',
    '[x',
    '{y',
    '12',
    'é ü',
    '  ',
    '\t',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 6 }),
);
const key = fc.constantFrom('a', 'b', 'c', 'name', 'on', 'a.b/c', 'it is');
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, text, fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom(0.5, -1.25)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const documents = fc.array(fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), {
  minLength: 1,
  maxLength: 3,
});

async function read(yaml: string): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for await (const document of toYamlDocuments(yaml, () => undefined)) values.push(document.value);
  return values;
}

/** Two marks in a row have an empty document between them. */
const isThere = (document: unknown): boolean => document !== null;

function write(meant: readonly Json[], loose: boolean, stream: Iterator<number>): string {
  const choose = (ways: number): number => Number(stream.next().value) % ways;
  return meant.map((each) => toOddYaml(each, loose, choose)).join('---\n');
}

describe('YAML in odd ways of writing', () => {
  const runs = Number(process.env['FAIRLEAD_YAML_RUNS'] ?? 400);

  const anyWay = fc.infiniteStream(fc.nat(1_000));
  it('is read as it is meant, and as another reader reads it', async () => {
    await fc.assert(
      fc.asyncProperty(documents, anyWay, async (meant, stream) => {
        const yaml = write(meant, false, stream);
        expect((await read(yaml)).filter(isThere)).toEqual(meant);
        // It takes a byte order mark at the very start only.
        const other = loadAll(yaml.replaceAll('\uFEFF', ''), { schema: CORE_SCHEMA });
        expect(other.filter(isThere)).toEqual(meant);
      }),
      { seed: 20261130, numRuns: runs },
    );
  }, 120_000);

  it('is read as it is meant in columns that only the readers of Kubernetes take', async () => {
    await fc.assert(
      fc.asyncProperty(documents, anyWay, async (meant, stream) => {
        expect((await read(write(meant, true, stream))).filter(isThere)).toEqual(meant);
      }),
      { seed: 20261130, numRuns: runs },
    );
  }, 120_000);
});

describe('a text without quotation marks', () => {
  // As `sigs.k8s.io/yaml` v1.6 reads them, which kubectl and the API server use.
  it.each([
    ['y', true],
    ['Y', true],
    ['yes', true],
    ['YES', true],
    ['on', true],
    ['True', true],
    ['n', false],
    ['No', false],
    ['OFF', false],
    ['false', false],
    ['yEs', 'yEs'],
    ['oN', 'oN'],
    ['~', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['010', 8],
    ['08', 8],
    ['0o17', 15],
    ['0x1F', 31],
    ['0b11', 3],
    ['-0b11', -3],
    ['1_000', 1000],
    ['0_7', 7],
    ['1__0', 10],
    ['_1', '_1'],
    ['+1', 1],
    ['-0', 0],
    ['+', '+'],
    ['.', '.'],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1e+3', 1000],
    ['1e', '1e'],
    ['1e999', '1e999'],
    ['12:30:45', '12:30:45'],
    ['2026-01-31', '2026-01-31'],
    ['99999999999999999999', 1e20],
    ['0xFFFFFFFFFFFFFFFFFF', '0xFFFFFFFFFFFFFFFFFF'],
    ['1.2.3', '1.2.3'],
    ['0x', '0x'],
  ])('%s is %j', async (written, meant) => {
    const [document] = await read(`a: ${written}\n'b': ['${written}', "${written}", ${written}]\n`);
    expect(document).toEqual({ a: meant, b: [written, written, meant] });
  });

  it.each([
    ['on', 'true'],
    ['no', 'false'],
    ['010', '8'],
    ['1e3', '1000'],
    ['1.5', '1.5'],
  ])('%s as a key is %s', async (written, meant) => {
    expect(await read(`${written}: x\n`)).toEqual([{ [meant]: 'x' }]);
  });
});

it.each([
  [
    'a quoted text that goes on in the column of its key',
    'k:\n  a: \'x\n  y\'\n  b: "x\n  y"\n',
    [{ k: { a: 'x y', b: 'x y' } }],
  ],
  [
    'flows in the column of their key',
    'k:\n  a: {\n  b: c\n  }\n  d: [\nx\n]\n',
    [{ k: { a: { b: 'c' }, d: ['x'] } }],
  ],
  [
    'a byte order mark before a later document',
    '\uFEFFa: b\n---\n\uFEFFc: d\n\uFEFF---\ne: f\n',
    [{ a: 'b' }, { c: 'd' }, { e: 'f' }],
  ],
  [
    'a byte order mark after a mark with a Windows line end',
    '\uFEFFa: b\r\n---\r\n# none\r\n---\r\n\uFEFFc: d\r\n...\r\n---\r\n',
    [{ a: 'b' }, { c: 'd' }],
  ],
  ['carriage returns alone', 'a: b\r---\rc: |\r  d\r  e\r', [{ a: 'b' }, { c: 'd\ne\n' }]],
  ['directives and comments before a mark', '# c\n%YAML 1.1\n---\na: on\n', [{ a: true }]],
  ['tags of the core', 'a: !!str 5\nb: !!int "5"\nc: !!float 5\n', [{ a: '5', b: 5, c: 5 }]],
  [
    'merge keys in their order',
    'x: &b {a: 1, b: 2}\ny: {a: own, <<: *b}\nz: {<<: *b, a: own}\n',
    [{ x: { a: 1, b: 2 }, true: { a: 1, b: 2 }, z: { a: 'own', b: 2 } }],
  ],
])('takes %s', async (_, yaml, meant) => {
  expect(await read(yaml)).toEqual(meant);
});
