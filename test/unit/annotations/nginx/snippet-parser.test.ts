import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snippet } from '../../../../src/annotations/nginx/snippet-parser.ts';

describe('a snippet of nginx', () => {
  it.each([
    ['', []],
    ['# nothing', []],
    ['add_header X y;', [['add_header', 'X', 'y']]],
    [
      'add_header X "a; b # c" always; # end\nexpires\n\t1d;',
      [
        ['add_header', 'X', 'a; b # c', 'always'],
        ['expires', '1d'],
      ],
    ],
    [`more_set_headers 'X: "y"' "Z: \\"1\\"";`, [['more_set_headers', 'X: "y"', 'Z: "1"']]],
    ['rewrite ^/a/(.*)$ /b/${x}$1 break;', [['rewrite', '^/a/(.*)$', '/b/${x}$1', 'break']]],
    ['rewrite "^/a{2}\\d" /b break;', [['rewrite', '^/a{2}\\d', '/b', 'break']]],
    [';; expires off;', [['expires', 'off']]],
    [
      'if ($a = "}") { return 403; if (x) { deny all; } } expires off;',
      [
        ['if', '($a', '=', '}', ')'],
        ['expires', 'off'],
      ],
    ],
  ])('%j has its directives', (text, expected) => {
    const parsed = snippet(text);
    const words = parsed.ok ? parsed.value.map(({ name, args }) => [name, ...args]) : parsed.message;
    expect(words).toEqual(expected);
  });

  it('says where braces follow', () => {
    const parsed = snippet('location /x { deny all; } expires off;');
    expect(parsed.ok && parsed.value.map(({ hasBlock = false }) => hasBlock)).toEqual([true, false]);
  });

  it.each(['add_header X y', '}', 'if (x) {', 'if (x) { return 1; ', 'a "b;', "a 'b", 'a { } }'])(
    '%j is none',
    (text) => expect(snippet(text).ok).toBe(false),
  );

  it('has a hundred directives at most, and twenty words in one', () => {
    expect(snippet('a;'.repeat(101)).ok).toBe(false);
    expect(snippet(`a ${'b '.repeat(30)};`).ok).toBe(false);
  });

  it('takes any text, and time in proportion to it', () => {
    fc.assert(fc.property(fc.string(), (text) => void snippet(text)));
    for (const part of ['{', '}', '"', '\\', '${', 'a ', '#\n', ';', "'\\"])
      expect(() => snippet(part.repeat(200_000))).not.toThrow();
  });
});
