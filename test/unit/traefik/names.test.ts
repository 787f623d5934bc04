import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinName, type PathType, toRouteSlug } from '../../../src/traefik/names.ts';
import { checkKey } from '../../../src/traefik/check-element.ts';

const tenantText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.stringMatching(/^[a-c_.~+-]{0,4}$/),
  fc.string({ minLength: 150, maxLength: 260, unit: fc.constantFrom('a', 'b') }),
);
const parts = fc.array(tenantText, { maxLength: 3 });
const pathTypes: readonly PathType[] = ['Exact', 'PlainPrefix', 'Prefix', 'Regex'];

describe('joinName', () => {
  it('joins names of Kubernetes with _', () => {
    expect(joinName('rds', 'orders-db', '3306')).toBe('rds_orders-db_3306');
    expect(joinName('a', 'b-c')).not.toBe(joinName('a-b', 'c'));
  });

  it('keeps what is odd readable', () => {
    expect(joinName('a', 'b@internal')).toMatch(/^a_b-internal\+[0-9a-f]{16}$/);
    expect(joinName('a', '')).toMatch(/^a_\+[0-9a-f]{16}$/);
  });

  it('cuts what is long, and says the same each time', () => {
    const long = ['n'.repeat(63), 's'.repeat(150)];
    expect(joinName(...long)).toMatch(/^n{63}_s{103}\+[0-9a-f]{32}$/);
    expect(joinName(...long)).toBe(joinName(...long));
    expect(joinName('n'.repeat(63), 's'.repeat(151))).not.toBe(joinName(...long));
  });

  it('is always a key that Traefik takes as it is', () => {
    fc.assert(
      fc.property(parts, (texts) => {
        expect(checkKey(joinName(...texts))).toBe(null);
      }),
    );
  });

  it('is different for different parts', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = a.length === b.length && a.every((text, index) => text === b[index]);
        expect(joinName(...a) === joinName(...b)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  it('never takes a part that looks like a hashed one for it', () => {
    const hashed = joinName('b@internal');
    expect(joinName(hashed)).not.toBe(hashed);
    const long = joinName('x'.repeat(300), 'y');
    expect(joinName(long)).not.toBe(long);
  });
});

describe('toRouteSlug', () => {
  it.each([
    ['Prefix', '/', '~root'],
    ['Prefix', '/root', 'root'],
    ['Prefix', '/api/v1', 'api:v1'],
    ['Exact', '/api/', 'api:~exact'],
    ['PlainPrefix', '/api', 'api~plain'],
    ['Regex', '/api', 'api~regex'],
  ] as const)('%s %s is %s', (pathType, path, slug) => expect(toRouteSlug(pathType, path)).toBe(slug));

  it('is a part that joinName leaves as it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pathTypes), tenantText, (pathType, path) => {
        const slug = toRouteSlug(pathType, `/${path}`);
        expect(joinName('a', slug)).toBe(`a_${slug}`);
      }),
    );
  });

  it('is different for different types and paths', () => {
    const path = fc.oneof(tenantText, fc.stringMatching(/^\/[ab:~/]{0,3}$/));
    const type = fc.constantFrom(...pathTypes);
    fc.assert(
      fc.property(type, path, type, path, (typeA, pathA, typeB, pathB) => {
        const same = typeA === typeB && pathA === pathB;
        expect(toRouteSlug(typeA, pathA) === toRouteSlug(typeB, pathB)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});
