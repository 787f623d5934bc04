import { defineFeature } from '../feature.ts';
import { accept, duration, integer, quote, refuse, type Parser } from '../parsers.ts';
import { toGoDuration } from '../../traefik/duration.ts';

/** What begins with `//` names another host. Traefik asks nobody then, and takes every endpoint for down. */
const healthPath: Parser<string> = (text) =>
  /^\/(?!\/)[\x21-\x7e]{0,1023}$/.test(text)
    ? accept(text)
    : refuse(
        `${quote(text)} is not a path`,
        'Begin with one "/", and percent-encode what is not printable ASCII.',
      );

/** Every Traefik of the fleet asks every endpoint: faster would be a flood. */
const probeInterval: Parser<number> = (text) => {
  const parsed = duration(text);
  return parsed.ok && parsed.value < 1_000
    ? refuse(`${quote(text)} is shorter than a second`, 'Write "1s" or more.')
    : parsed;
};

/** Taking endpoints out: by probing them, and by counting the requests that fail. */
export const health = defineFeature({
  name: 'health',
  annotations: {
    maxFails: {
      key: 'fairlead.dev/max-fails',
      on: ['Service'],
      parse: integer(1, 1_000_000),
      whenInvalid: 'use-default',
      value: 'a count from 1',
      example: '2',
      doc: 'Passive health check: after so many failures within `fairlead.dev/fail-timeout` an endpoint gets no requests for that time.',
    },
    failTimeout: {
      key: 'fairlead.dev/fail-timeout',
      on: ['Service'],
      parse: duration,
      whenInvalid: 'use-default',
      value: 'a duration (default `10s`)',
      example: '3s',
      doc: 'The time in which failures are counted, and for which a failing endpoint rests.',
    },
    path: {
      key: 'fairlead.dev/health-path',
      on: ['Service'],
      parse: healthPath,
      whenInvalid: 'use-default',
      value: 'a path',
      example: '/healthz',
      doc: 'Active health check: Traefik asks each endpoint for this path, and leaves out those that do not answer with success.',
    },
    interval: {
      key: 'fairlead.dev/health-interval',
      on: ['Service'],
      parse: probeInterval,
      whenInvalid: 'use-default',
      value: 'a duration from `1s` on (default `30s`)',
      example: '5s',
      needs: 'fairlead.dev/health-path',
      doc: 'How often the active health check asks.',
    },
    timeout: {
      key: 'fairlead.dev/health-timeout',
      on: ['Service'],
      parse: duration,
      whenInvalid: 'use-default',
      value: 'a duration (default `5s`)',
      example: '2s',
      needs: 'fairlead.dev/health-path',
      doc: 'How long the active health check waits for an answer.',
    },
    status: {
      key: 'fairlead.dev/health-status',
      on: ['Service'],
      parse: integer(100, 599),
      whenInvalid: 'use-default',
      value: 'an HTTP status (default: any 2xx or 3xx)',
      example: '204',
      needs: 'fairlead.dev/health-path',
      doc: 'The status that the active health check expects.',
    },
    port: {
      key: 'fairlead.dev/health-port',
      on: ['Service'],
      parse: integer(1, 65_535),
      whenInvalid: 'use-default',
      value: 'a port number (default: that of the endpoint)',
      example: '8081',
      needs: 'fairlead.dev/health-path',
      doc: 'The port that the active health check asks.',
    },
  },
  apply: ({ maxFails, failTimeout, path, interval, timeout, status, port }) => {
    const passive = (maxFails ?? failTimeout) !== undefined && {
      passiveHealthCheck: {
        ...(maxFails !== undefined && { maxFailedAttempts: maxFails }),
        ...(failTimeout !== undefined && { failureWindow: toGoDuration(failTimeout) }),
      },
    };
    const active = path !== undefined && {
      healthCheck: {
        path,
        ...(interval !== undefined && { interval: toGoDuration(interval) }),
        ...(timeout !== undefined && { timeout: toGoDuration(timeout) }),
        ...(status !== undefined && { status }),
        ...(port !== undefined && { port }),
      },
    };
    return passive || active ? { loadBalancer: { ...passive, ...active } } : {};
  },
});
