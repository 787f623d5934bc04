import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFallbackPriority, toPriority } from '../../../src/render/priority.ts';
import type { HttpRoute } from '../../../src/routes/intent.ts';
import { anyHost, toHostMatch } from '../../../src/routes/match.ts';

type Match = Pick<HttpRoute, 'fallback' | 'match'>;

function match(host: string | null, type: 'Exact' | 'Prefix', value: string): Match {
  const hostMatch = host === null ? anyHost : toHostMatch(host);
  return { match: { host: hostMatch, path: { type, value } }, fallback: false };
}

/** The formula of the first releases: host, then length of the path, then Exact. */
function former({ match: { host, path }, fallback }: Match): number {
  return (
    (host.kind === 'any' ? 0 : host.kind === 'wildcard' ? 1 : 2) * 100_000 +
    (fallback ? 0 : path.value.length * 2 + (path.type === 'Exact' ? 1 : 0)) +
    1
  );
}

const longest = `/${'x'.repeat(4_095)}`;

describe('the priority of a router', () => {
  // Each goes before the next.
  const order: readonly Match[] = [
    match('a.example.com', 'Exact', longest),
    match('a.example.com', 'Exact', '/api/v1'),
    match('a.example.com', 'Exact', '/'),
    match('a.example.com', 'Prefix', longest),
    match('a.example.com', 'Prefix', '/api/v1'),
    match('a.example.com', 'Prefix', '/api'),
    match('a.example.com', 'Prefix', '/'),
    { ...match('a.example.com', 'Prefix', '/'), fallback: true },
    match('*.example.com', 'Exact', longest),
    match('*.example.com', 'Prefix', '/'),
    { ...match('*.example.com', 'Prefix', '/'), fallback: true },
    match(null, 'Exact', longest),
    match(null, 'Prefix', '/'),
    { ...match(null, 'Prefix', '/'), fallback: true },
  ];

  it('puts the exact host, then the exact path, then the longer one first', () => {
    const priorities = order.map(toPriority);
    expect(priorities).toEqual([...new Set(priorities)].sort((a, b) => b - a));
  });

  it('is never 0, which means "by the length of the rule" to Traefik', () => {
    expect(Math.min(...order.map(toPriority))).toBeGreaterThan(0);
  });

  it('lets no path outweigh a host', () => {
    const length = fc.integer({ min: 1, max: 4_096 }).map((count) => `/${'x'.repeat(count - 1)}`);
    const type = fc.constantFrom('Exact' as const, 'Prefix' as const);
    fc.assert(
      fc.property(length, length, type, (short, long, kind) => {
        const exact = toPriority(match('a.example.com', kind, short));
        const wildcard = toPriority(match('*.example.com', kind, long));
        const none = toPriority(match(null, kind, long));
        expect(exact).toBeGreaterThan(wildcard);
        expect(toPriority(match('*.example.com', kind, short))).toBeGreaterThan(none);
      }),
    );
  });

  it('decides between routes of one request as it always has for Ingresses', () => {
    const elements = fc.array(fc.stringMatching(/^[ab]{1,3}$/), { maxLength: 5 });
    const host = fc.constantFrom('a.example.com', '*.example.com', null);
    const taking = fc.record({ host, depth: fc.nat(5), exact: fc.boolean(), fallback: fc.boolean() });
    fc.assert(
      fc.property(elements, fc.array(taking, { minLength: 2 }), (request, routes) => {
        const matches = routes.map(({ host: name, depth, exact, fallback }): Match => {
          const whole = `/${request.join('/')}`;
          const prefix = `/${request.slice(0, depth).join('/')}`;
          if (fallback) return { ...match(name, 'Prefix', '/'), fallback };
          return exact ? match(name, 'Exact', whole) : match(name, 'Prefix', prefix);
        });
        for (const a of matches)
          for (const b of matches)
            expect(Math.sign(toPriority(a) - toPriority(b))).toBe(Math.sign(former(a) - former(b)));
      }),
    );
  });

  it('is exact in JSON, and has 52 bits', () => {
    for (const each of order) expect(Number.isSafeInteger(toPriority(each))).toBe(true);
    expect(Math.max(...order.map(toPriority))).toBeLessThan(2 ** 52);
  });

  it('is below that of every rule by its length for a default backend alone', () => {
    const fallbacks = order.filter(({ fallback }) => fallback).map(toFallbackPriority);
    expect(fallbacks).toEqual([3, 2, 1]);
    expect(
      order.filter(({ fallback }) => !fallback).flatMap((each) => toFallbackPriority(each) ?? []),
    ).toEqual([]);
  });
});
