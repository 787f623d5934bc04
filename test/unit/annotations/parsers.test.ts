import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { features } from '../../../src/annotations/index.ts';
import {
  boolean,
  cidr,
  duration,
  integer,
  list,
  objectName,
  oneOf,
  quote,
  size,
  toItems,
  type Parser,
} from '../../../src/annotations/parsers.ts';

/** The value, or undefined when the text is refused. */
function read<T>(parser: Parser<T>, text: string): T | undefined {
  const parsed = parser(text);
  return parsed.ok ? parsed.value : undefined;
}

describe('parsers of annotations', () => {
  it.each([
    ['true', true],
    [' FALSE ', false],
    ['yes', undefined],
    ['1', undefined],
    ['', undefined],
  ])('read %j as a boolean', (text, value) => expect(read(boolean, text)).toBe(value));

  it.each([
    ['0', 0],
    [' 10 ', 10],
    ['11', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['0x1', undefined],
    ['1e1', undefined],
    ['99999999999999999999', undefined],
    ['', undefined],
  ])('read %j as a whole number from 0 to 10', (text, value) =>
    expect(read(integer(0, 10), text)).toBe(value),
  );

  it.each([
    ['3s', 3_000],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['1.5s', 1_500],
    ['24h', 86_400_000],
    ['300', 300_000],
    ['25h', undefined],
    ['0s', undefined],
    ['-3s', undefined],
    ['3 s', undefined],
    ['3d', undefined],
    ['s', undefined],
    ['', undefined],
  ])('read %j as a duration', (text, value) => expect(read(duration, text)).toBe(value));

  it.each([
    ['0', 0],
    ['200', 200],
    ['8k', 8_192],
    ['200m', 209_715_200],
    ['1G', 1_073_741_824],
    ['1Mi', 1_048_576],
    ['1MB', 1_048_576],
    ['999999999999g', undefined],
    ['1t', undefined],
    ['-1', undefined],
    ['1e9', undefined],
  ])('read %j as a size', (text, value) => expect(read(size, text)).toBe(value));

  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.1', '10.0.0.1'],
    [' 2001:db8::/32 ', '2001:db8::/32'],
    ['10.0.0.0/33', undefined],
    ['::/129', undefined],
    ['10.0.0.0/', undefined],
    ['10.0.0', undefined],
    ['010.0.0.1', undefined],
    ['fe80::1%eth0', undefined],
    ['example.com', undefined],
  ])('read %j as a network', (text, value) => expect(read(cidr, text)).toBe(value));

  it.each([
    ['web-1.example', 'web-1.example'],
    ['Web', undefined],
    ['-web', undefined],
    ['a_b', undefined],
    ['x'.repeat(254), undefined],
  ])('read %j as a name', (text, value) => expect(read(objectName, text)).toBe(value));

  it('take a word in any case, and give it as it is listed', () => {
    expect(read(oneOf('HTTP', 'gRPC'), 'grpc')).toBe('gRPC');
    expect(oneOf('a', 'b')('c')).toEqual({
      ok: false,
      message: '"c" is none of a, b',
      hint: 'Write one of a, b.',
    });
  });

  it('refuse a list for its first bad item, and for having none', () => {
    expect(read(list(cidr), ' 10.0.0.0/8,, ::1 ')).toEqual(['10.0.0.0/8', '::1']);
    expect(list(cidr)('10.0.0.0/8, x')).toMatchObject({ message: '"x" is not an IP address or network' });
    expect(list(cidr)(' , ')).toMatchObject({ message: 'the list is empty' });
    expect(toItems(' a,, b ,')).toEqual(['a', 'b']);
  });

  it('put a text of a user on one line of bearable length', () => {
    expect(quote('a\n"b"')).toBe(String.raw`"a\n\"b\""`);
    expect(quote('x'.repeat(1_000))).toHaveLength(83);
  });
});

describe('the parser of every annotation', () => {
  const annotations = features.flatMap((feature) => [
    ...Object.values(feature.annotations),
    ...Object.values(feature.portAnnotations),
  ]);

  it.each(annotations)('takes the example of $key', ({ parse, example }) => {
    expect(parse(example)).toMatchObject({ ok: true });
  });

  it.each(annotations)('is total, and explains itself in one line: $key', ({ parse }) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const parsed = parse(text);
        if (parsed.ok) return;
        expect(`${parsed.message} ${parsed.hint}`).not.toMatch(/[\n\r]/);
        expect(parsed.message.length).toBeLessThan(400);
        expect(parsed.hint).toMatch(/\.$/);
      }),
    );
  });

  it('belongs to one key only', () => {
    const keys = annotations.map(({ key }) => key);
    expect(keys).toEqual([...new Set(keys)]);
    expect(features.map(({ name }) => name)).toEqual(features.map(({ name }) => name).toSorted());
  });
});
