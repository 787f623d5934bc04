import { defineFeature } from '../feature.ts';
import { integer } from '../parsers.ts';
import { serviceTarget } from '../service-target.ts';
import { bodyBound } from './failover.ts';

/** Copies of requests for another Service. */
export const mirroring = defineFeature({
  name: 'mirroring',
  annotations: {
    to: {
      key: 'fairlead.dev/mirror-to',
      on: ['Service'],
      parse: serviceTarget,
      whenInvalid: 'use-default',
      value: 'a Service, as `name`, `namespace/name` or `source/namespace/name`, with `:port` or without',
      example: 'shop-pods',
      doc: 'Also sends copies of the HTTP requests to that Service, and ignores the answers. One of another namespace or source has to agree by `fairlead.dev/grant-to`.',
    },
    percent: {
      key: 'fairlead.dev/mirror-percent',
      on: ['Service'],
      parse: integer(0, 100),
      whenInvalid: 'use-default',
      value: 'percent, from 0 to 100 (default)',
      example: '10',
      needs: 'fairlead.dev/mirror-to',
      doc: 'The percentage of requests that are copied.',
    },
    maxBody: {
      key: 'fairlead.dev/mirror-max-body',
      on: ['Service'],
      parse: bodyBound,
      whenInvalid: 'use-default',
      value: 'a size up to `10m` (default `64k`)',
      example: '256k',
      needs: 'fairlead.dev/mirror-to',
      doc: 'Requests with larger bodies are not copied. Traefik sets aside so much memory for each copied request.',
    },
  },
  apply: ({ to, percent = 100, maxBody = 64 * 1024 }) =>
    to === undefined ? {} : { mirror: { to, percent, maxBodyBytes: maxBody } },
});
