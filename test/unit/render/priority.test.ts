import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFallbackPriority, toPriority } from '../../../src/render/priority.ts';
import type { HttpRoute } from '../../../src/routes/intent.ts';

type Match = Pick<HttpRoute, 'host' | 'path' | 'fallback'>;

function match(host: string | null, type: 'Exact' | 'Prefix', value: string): Match {
  return { host, path: { type, value }, fallback: false };
}

const longest = `/${'x'.repeat(4_095)}`;

describe('the priority of a router', () => {
  // Each goes before the next.
  const order: readonly Match[] = [
    match('a.example.com', 'Exact', longest),
    match('a.example.com', 'Prefix', longest),
    match('a.example.com', 'Exact', '/api/v1'),
    match('a.example.com', 'Prefix', '/api/v1'),
    match('a.example.com', 'Exact', '/api'),
    match('a.example.com', 'Prefix', '/api'),
    match('a.example.com', 'Exact', '/'),
    match('a.example.com', 'Prefix', '/'),
    { ...match('a.example.com', 'Prefix', '/'), fallback: true },
    match('*.example.com', 'Exact', longest),
    match('*.example.com', 'Prefix', '/'),
    { ...match('*.example.com', 'Prefix', '/'), fallback: true },
    match(null, 'Exact', longest),
    match(null, 'Prefix', '/'),
    { ...match(null, 'Prefix', '/'), fallback: true },
  ];

  it('puts the exact host, then the longer path, then Exact first', () => {
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

  it('is below that of every rule by its length for a default backend alone', () => {
    const fallbacks = order.filter(({ fallback }) => fallback).map(toFallbackPriority);
    expect(fallbacks).toEqual([3, 2, 1]);
    expect(
      order.filter(({ fallback }) => !fallback).flatMap((each) => toFallbackPriority(each) ?? []),
    ).toEqual([]);
  });
});
