import { describe, expect, it } from 'vitest';
import { mergeWishes, type MiddlewareWish } from '../../../src/annotations/wishes.ts';
import type { HttpMiddleware } from '../../../src/traefik/http-middleware.ts';

function toWish(role: string): MiddlewareWish<HttpMiddleware> {
  return { stage: 'access', role, middleware: { retry: { attempts: 1 } } };
}

describe('wishes of two objects together', () => {
  it('take the word of the second where both speak of one thing', () => {
    expect(mergeWishes({ scheme: 'http', backends: 'dns' }, { scheme: 'https' })).toEqual({
      scheme: 'https',
      backends: 'dns',
    });
  });

  it('add up middlewares, so that no limit is lost', () => {
    const merged = mergeWishes({ middlewares: [toWish('a')] }, { middlewares: [toWish('b')] });
    expect(merged.middlewares?.map(({ role }) => role)).toEqual(['a', 'b']);
  });

  it('merge transports and balancers field by field', () => {
    const merged = mergeWishes(
      {
        transport: { serverName: 'a', forwardingTimeouts: { dialTimeout: '1s' } },
        loadBalancer: { strategy: 'p2c' },
      },
      {
        transport: { forwardingTimeouts: { responseHeaderTimeout: '2s' } },
        loadBalancer: { passHostHeader: true },
      },
    );
    expect(merged).toEqual({
      transport: { serverName: 'a', forwardingTimeouts: { dialTimeout: '1s', responseHeaderTimeout: '2s' } },
      loadBalancer: { strategy: 'p2c', passHostHeader: true },
    });
  });

  it('stay shut when either is', () => {
    expect(mergeWishes({ withhold: true }, {}).withhold).toBe(true);
    expect(mergeWishes({}, { withhold: true }).withhold).toBe(true);
    expect(mergeWishes({ withhold: true }, { withhold: false }).withhold).toBe(true);
  });
});
