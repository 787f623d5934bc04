import { describe, expect, it } from 'vitest';
import { mergeDirectives, type MiddlewareDirective } from '../../../src/annotations/directives.ts';
import type { HttpMiddleware } from '../../../src/traefik/http-middleware.ts';

function toDirective(role: string): MiddlewareDirective<HttpMiddleware> {
  return { stage: 'access', role, middleware: { retry: { attempts: 1 } } };
}

describe('directives of two objects together', () => {
  it('take the word of the second where both speak of one thing', () => {
    expect(mergeDirectives({ scheme: 'http', backends: 'dns' }, { scheme: 'https' })).toEqual({
      scheme: 'https',
      backends: 'dns',
    });
  });

  it('add up middlewares, so that no limit is lost', () => {
    const merged = mergeDirectives({ middlewares: [toDirective('a')] }, { middlewares: [toDirective('b')] });
    expect(merged.middlewares?.map(({ role }) => role)).toEqual(['a', 'b']);
  });

  it('merge transports and balancers field by field', () => {
    const merged = mergeDirectives(
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
    expect(mergeDirectives({ withhold: true }, {}).withhold).toBe(true);
    expect(mergeDirectives({}, { withhold: true }).withhold).toBe(true);
    expect(mergeDirectives({ withhold: true }, { withhold: false }).withhold).toBe(true);
  });
});
