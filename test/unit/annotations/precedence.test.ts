import { expect, it } from 'vitest';
import type { MiddlewareDirective } from '../../../src/annotations/directives.ts';
import type { HttpMiddleware } from '../../../src/traefik/http-middleware.ts';
import { joinParts, withoutDisplaced } from '../../../src/annotations/precedence.ts';

type Directive = MiddlewareDirective<HttpMiddleware>;

const rate: Directive = { stage: 'limit', role: 'rate-limit', middleware: { rateLimit: { average: 1 } } };
const perSecond: Directive = { stage: 'limit', role: 'limit-rps', middleware: { rateLimit: { average: 9 } } };
const open: Directive = {
  stage: 'limit',
  role: 'limit-connections',
  middleware: { inFlightReq: { amount: 1 } },
} as const;

it('lets ours decide, whichever comes first, and leaves what is for something else', () => {
  const own = { part: { middlewares: [rate], scheme: 'https' }, isOwn: true } as const;
  const other = { part: { middlewares: [perSecond, open], scheme: 'h2c' }, isOwn: false } as const;
  for (const parts of [
    [own, other],
    [other, own],
  ])
    expect(joinParts(parts)).toEqual({ middlewares: [open, rate], scheme: 'https' });
});

it('never loses that something is withheld', () => {
  const own = { part: { middlewares: [rate] }, isOwn: true } as const;
  expect(joinParts([{ part: { withhold: true }, isOwn: false }, own]).withhold).toBe(true);
});

it('lets the object that routes decide before the Service, in whatever words', () => {
  expect(withoutDisplaced([rate, open], { middlewares: [perSecond] })).toEqual([open]);
});
