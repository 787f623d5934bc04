import { toGoDuration } from '../../traefik/duration.ts';
import { defineFeature } from '../feature.ts';
import { duration } from '../parsers.ts';

/** How long Traefik waits for a backend. */
export const timeouts = defineFeature({
  name: 'timeouts',
  annotations: {
    connect: {
      key: 'fairlead.dev/timeout-connect',
      on: ['Service', 'Ingress'],
      parse: duration,
      whenInvalid: 'use-default',
      value: 'a duration (default `30s`)',
      example: '5s',
      doc: 'How long connecting to an endpoint may take, over HTTP and TCP.',
    },
    read: {
      key: 'fairlead.dev/timeout-read',
      on: ['Service', 'Ingress'],
      parse: duration,
      whenInvalid: 'use-default',
      value: 'a duration (default: no limit)',
      example: '300s',
      doc: 'How long an endpoint may take to begin its answer after it has the whole request.',
    },
  },
  apply: ({ connect, read }) => ({
    ...((connect ?? read) !== undefined && {
      transport: {
        forwardingTimeouts: {
          ...(connect !== undefined && { dialTimeout: toGoDuration(connect) }),
          ...(read !== undefined && { responseHeaderTimeout: toGoDuration(read) }),
        },
      },
    }),
    ...(connect !== undefined && { tcpTransport: { dialTimeout: toGoDuration(connect) } }),
  }),
});
