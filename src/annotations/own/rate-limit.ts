import type { Directives } from '../directives.ts';
import { toGoDuration } from '../../traefik/duration.ts';
import { defineFeature } from '../feature.ts';
import { duration, integer } from '../parsers.ts';

const rateKey = 'fairlead.dev/rate-limit';
const most = 1_000_000;

/** How many requests one client may send in a time. */
export const rateLimit = defineFeature({
  name: 'rate-limit',
  annotations: {
    average: {
      key: rateKey,
      on: ['Service', 'Ingress'],
      parse: integer(0, most),
      whenInvalid: 'withhold-http',
      value: 'a count; `0`: no limit',
      example: '100',
      doc: 'How many requests one client address may send in each `rate-limit-period`, on average. Further requests get 429. Each Traefik counts by itself, and from 0 after each change of its configuration.',
    },
    burst: {
      key: 'fairlead.dev/rate-limit-burst',
      on: ['Service', 'Ingress'],
      parse: integer(1, most),
      whenInvalid: 'withhold-http',
      value: 'a count from 1; default: that of `rate-limit`',
      example: '200',
      needs: rateKey,
      mayBeDefault: true,
      doc: 'How many requests may arrive at once.',
    },
    period: {
      key: 'fairlead.dev/rate-limit-period',
      on: ['Service', 'Ingress'],
      parse: duration,
      whenInvalid: 'withhold-http',
      value: 'a duration (default `1s`)',
      example: '1m',
      needs: rateKey,
      mayBeDefault: true,
      doc: 'The time for which `rate-limit` counts.',
    },
  },
  apply: ({ average, burst, period = 1_000 }): Directives => {
    if (average === undefined) return {};
    const limit = { average, period: toGoDuration(period), burst: burst ?? average };
    const middleware = average === 0 ? null : { rateLimit: limit };
    return { middlewares: [{ stage: 'limit', role: 'rate-limit', middleware }] };
  },
});
