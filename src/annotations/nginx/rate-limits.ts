import type { Directives, MiddlewareDirective } from '../directives.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { defineFeature } from '../feature.ts';
import { integer } from '../parsers.ts';

const count = integer(0, 1_000_000);
/** Also for `0`, as ingress-nginx has it. */
const defaultBurst = 5;
const differs =
  'Requests over the limit get 429; ingress-nginx answers 503. Each Traefik counts for itself, and starts again at 0 after each change of its configuration.';

/** How many requests one client may send, in the words of ingress-nginx. */
export const rateLimits = defineFeature({
  name: 'rate-limits',
  annotations: {
    perSecond: {
      key: 'nginx.ingress.kubernetes.io/limit-rps',
      on: ['Ingress'],
      parse: count,
      whenInvalid: 'withhold',
      value: 'a count; `0`: no limit',
      example: '10',
      doc: 'How many requests per second one client address may send, on average.',
      differs,
    },
    perMinute: {
      key: 'nginx.ingress.kubernetes.io/limit-rpm',
      on: ['Ingress'],
      parse: count,
      whenInvalid: 'withhold',
      value: 'a count; `0`: no limit',
      example: '300',
      doc: 'How many requests per minute one client address may send, on average.',
      differs,
    },
    burst: {
      key: 'nginx.ingress.kubernetes.io/limit-burst-multiplier',
      on: ['Ingress'],
      parse: integer(0, 1_000),
      whenInvalid: 'withhold',
      value: 'a number from 1; default `5`',
      example: '3',
      doc: 'How many requests one client address may send at once: the limit times this number.',
      needs: 'nginx.ingress.kubernetes.io/limit-rps',
    },
    connections: {
      key: 'nginx.ingress.kubernetes.io/limit-connections',
      on: ['Ingress'],
      parse: count,
      whenInvalid: 'withhold',
      value: 'a count; `0`: no limit',
      example: '20',
      doc: 'How many requests of one client address may be open at the same time.',
      differs:
        'Traefik counts requests, not connections. Those over the limit get 429; ingress-nginx answers 503.',
    },
  },
  apply: ({ perSecond = 0, perMinute = 0, burst = 0, connections = 0 }): Directives => {
    const middlewares = [
      ...toRate('limit-rpm', perMinute, '1m', burst),
      ...toRate('limit-rps', perSecond, '1s', burst),
      ...toLimit(
        'limit-connections',
        connections > 0 && {
          inFlightReq: { amount: connections, sourceCriterion: { ipStrategy: { depth: 0 } } },
        },
      ),
    ];
    return middlewares.length > 0 ? { middlewares } : {};
  },
});

function toRate(role: string, average: number, period: string, multiplier: number) {
  return toLimit(
    role,
    average > 0 && { rateLimit: { average, period, burst: average * (multiplier || defaultBurst) } },
  );
}

function toLimit(
  role: string,
  middleware: HttpMiddleware | false,
): readonly MiddlewareDirective<HttpMiddleware>[] {
  return middleware === false ? [] : [{ stage: 'limit', role, middleware }];
}
