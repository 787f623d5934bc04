import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toLiteralPrefix } from '../../../src/traefik/re2-prefix.ts';

const pieces =
  '/ a b ab . \\. \\w \\/ [ab|] [^/] [\\]a] (a|b) (?:a|/b)? (?!a) (?=b) (?<=/) | * + ? {2} {0,1} ^ $ - %'.split(
    ' ',
  );
const pattern = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 })
  .map((chosen) => `/${chosen.join('')}`);
const path = fc
  .array(fc.constantFrom('/', 'a', 'b', 'A', '|', ']', '.', 'x'), { maxLength: 6 })
  .map((characters) => `/${characters.join('')}`);

describe('what the matches of a regular expression begin with', () => {
  it.each([
    ['/api', '/api'],
    ['/api/(?!v2).*', '/api/'],
    ['^/api', '/api'],
    ['/v1\\.0/x', '/v1.0/x'],
    ['/foos?/bar', '/foo'],
    ['/foo+/bar', '/foo'],
    ['/foo{0,3}', '/fo'],
    ['/a(b|/c)d', '/a'],
    ['/a|/b(?=c)', ''],
    ['/a(b)|c', ''],
    ['/a[|]b', '/a'],
    ['/\\Qa(\\E|/b', ''],
    ['(?i)/a', ''],
    ['(?x)/a # (\n|/b', ''],
    ['/a b', '/a'],
  ])('of %s it is %s', (text, prefix) => {
    expect(toLiteralPrefix(text)).toBe(prefix);
  });

  it('is what every match begins with', () => {
    fc.assert(
      fc.property(pattern, path, (text, requested) => {
        let regex: RegExp;
        try {
          regex = new RegExp(`^${text}`, 'i');
        } catch {
          return;
        }
        if (!regex.test(requested)) return;
        expect(requested.toLowerCase().startsWith(toLiteralPrefix(text).toLowerCase())).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
