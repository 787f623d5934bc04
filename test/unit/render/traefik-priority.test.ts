import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPriority } from '../../../src/render/priority.ts';
import type { HttpRoute } from '../../../src/routes/intent.ts';
import { toHostMatch, type PathMatch } from '../../../src/routes/match.ts';
import { toRuleLength, type PathStyle } from '../../../src/translate/ingress/path-style.ts';

type Ranked = Pick<HttpRoute, 'fallback' | 'match' | 'order'>;

const host = 'a.example.com';

function toRanked(type: PathMatch['type'], value: string, order?: Ranked['order']): Ranked {
  const match = { host: toHostMatch(host), path: { type, value } };
  return { match, fallback: false, ...(order && { order }) };
}

/** A route as Traefik's own provider would write it. */
function ofTraefik(style: PathStyle, path: string, asked?: number): Ranked {
  const type = style === 'Regexp' || style === 'NginxRegex' ? 'Regex' : style;
  const length = toRuleLength(host, path, style);
  return toRanked(type, path, { length, ...(asked !== undefined && { asked }) });
}

const before = (a: Ranked, b: Ranked): boolean => toPriority(a) > toPriority(b);
const path = fc.nat({ max: 3_000 }).map((length) => `/${'x'.repeat(length)}`);
const style = fc.constantFrom<PathStyle[]>('Exact', 'PlainPrefix', 'Regexp');

describe('a route with the order of Traefik', () => {
  it('goes before those with a shorter rule', () => {
    fc.assert(
      fc.property(style, path, style, path, (styleA, pathA, styleB, pathB) => {
        const [a, b] = [ofTraefik(styleA, pathA), ofTraefik(styleB, pathB)];
        const [lengthA, lengthB] = [a.order?.length ?? 0, b.order?.length ?? 0];
        if (lengthA !== lengthB) expect(before(a, b)).toBe(lengthA > lengthB);
      }),
    );
  });

  it('goes by the number that it asks for, before any rule of another length, and below', () => {
    const numbers = [
      2 ** 52,
      2_147_483_647,
      100_000,
      20_000,
      9_000,
      5_000,
      101,
      100,
      20,
      2,
      -1,
      -500,
      -(2 ** 31),
      -(2 ** 52),
    ];
    const priorities = numbers.map((asked) => toPriority(ofTraefik('PlainPrefix', '/', asked)));
    expect(priorities).toEqual([...new Set(priorities)].sort((a, b) => b - a));
    expect(before(ofTraefik('PlainPrefix', '/', 100), ofTraefik('PlainPrefix', '/api'))).toBe(true);
    expect(before(ofTraefik('PlainPrefix', '/', 10), ofTraefik('PlainPrefix', '/api'))).toBe(false);
  });

  it('goes by its path where the number is the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), path, path, (asked, a, b) => {
        if (a.length !== b.length)
          expect(before(ofTraefik('PlainPrefix', a, asked), ofTraefik('PlainPrefix', b, asked))).toBe(
            a.length > b.length,
          );
      }),
    );
    expect(before(ofTraefik('Exact', '/a', 7), ofTraefik('PlainPrefix', '/a', 7))).toBe(true);
  });

  it('stands among the prefixes of others by the length of its path, and below their exact paths', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        if (a.length > b.length) {
          expect(before(ofTraefik('PlainPrefix', a), toRanked('Prefix', b))).toBe(true);
          expect(before(toRanked('Prefix', a), ofTraefik('PlainPrefix', b))).toBe(true);
        }
        expect(before(toRanked('Exact', a), ofTraefik('PlainPrefix', b, 2 ** 52))).toBe(true);
      }),
    );
  });

  it('never leaves its host, whatever it asks for', () => {
    const wildcard = { ...ofTraefik('PlainPrefix', '/', 2 ** 52) };
    const ofWildcard = { ...wildcard, match: { ...wildcard.match, host: toHostMatch('*.example.com') } };
    expect(before(toRanked('Prefix', '/'), ofWildcard)).toBe(true);
    expect(toPriority(wildcard)).toBeLessThan(2 ** 52);
    expect(toPriority({ ...ofTraefik('PlainPrefix', '/', -(2 ** 52)) })).toBeGreaterThan(0);
  });
});
