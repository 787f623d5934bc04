import { toGoDuration } from '../../traefik/duration.ts';
import type { ServersTransport } from '../../traefik/servers-transport.ts';
import { defineFeature } from '../feature.ts';
import { integer, oneOf } from '../parsers.ts';

const seconds = integer(1, 86_400);
const httpVersion = oneOf('1.1');

function toText(value: number): string {
  return toGoDuration(value * 1_000);
}

/** How long Traefik waits for a backend, and what HTTP it speaks to it, in the words of ingress-nginx. */
export const upstreamTimeouts = defineFeature({
  name: 'upstream-timeouts',
  annotations: {
    connect: {
      key: 'nginx.ingress.kubernetes.io/proxy-connect-timeout',
      on: ['Ingress'],
      parse: seconds,
      whenInvalid: 'use-default',
      value: 'seconds, without a unit; default in the nginx dialect `60`',
      example: '5',
      doc: 'The time limit for connecting to an endpoint.',
    },
    read: {
      key: 'nginx.ingress.kubernetes.io/proxy-read-timeout',
      on: ['Ingress'],
      parse: seconds,
      whenInvalid: 'use-default',
      value: 'seconds, without a unit; default in the nginx dialect `60`',
      example: '3600',
      doc: 'How long an endpoint may send nothing of a response. Needs Traefik 3.7.',
    },
    send: {
      key: 'nginx.ingress.kubernetes.io/proxy-send-timeout',
      on: ['Ingress'],
      parse: seconds,
      whenInvalid: 'use-default',
      value: 'seconds, without a unit; default in the nginx dialect `60`',
      example: '3600',
      doc: 'How long an endpoint may accept nothing of a request. Needs Traefik 3.7.',
    },
    version: {
      key: 'nginx.ingress.kubernetes.io/proxy-http-version',
      on: ['Ingress'],
      parse: httpVersion,
      whenInvalid: 'use-default',
      value: '`"1.1"`',
      example: '1.1',
      doc: 'Uses HTTP/1.1 for HTTPS backends, even if they support HTTP/2.',
    },
  },
  apply: ({ connect, read, send, version }) => {
    const forwardingTimeouts = {
      ...(connect !== undefined && { dialTimeout: toText(connect) }),
      ...(read !== undefined && { readTimeout: toText(read) }),
      ...(send !== undefined && { writeTimeout: toText(send) }),
    };
    const transport: Partial<ServersTransport> = {
      ...(Object.keys(forwardingTimeouts).length > 0 && { forwardingTimeouts }),
      ...(version !== undefined && { disableHTTP2: true }),
    };
    return Object.keys(transport).length > 0 ? { transport } : {};
  },
});
