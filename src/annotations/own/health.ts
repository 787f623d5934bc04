import { defineFeature } from '../feature.ts';
import type { Directives } from '../directives.ts';
import { accept, boolean, duration, integer, quote, refuse, type Parser } from '../parsers.ts';
import { healthRequest } from './health-request.ts';
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

/** What Traefik writes to a server, or reads from it, as text: without what YAML and terminals could take for something else. */
const bytes: Parser<string> = (text) =>
  text.length <= 1_000 && /^[\t\r\n\x20-\x7e\u00a0-\ud7ff]+$/.test(text)
    ? accept(text)
    : refuse(
        `${quote(text)} is not a text of 1 to 1,000 characters`,
        'Write visible characters, white space and line breaks only, such as "PING\\r\\n" in double quotes.',
      );

/** What asks for an active check. */
const checks = ['health-path', 'health-send', 'health-expect'].map((name) => `fairlead.dev/${name}`);
const checked = `${checks.join(', ')} or fairlead.dev/health-tcp`;

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
      doc: 'Passive health check: after this number of failures within `fairlead.dev/fail-timeout` an endpoint gets no requests for this time.',
    },
    failTimeout: {
      key: 'fairlead.dev/fail-timeout',
      on: ['Service'],
      parse: duration,
      whenInvalid: 'use-default',
      value: 'a duration (default `10s`)',
      example: '3s',
      doc: 'The time in which failures are counted, and for which a failing endpoint gets no requests.',
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
      value: 'a duration from `1s` on (default `30s`, of UDP ports `10s`)',
      example: '5s',
      needs: checked,
      doc: 'How often the active health check asks.',
    },
    unhealthyInterval: {
      key: 'fairlead.dev/health-unhealthy-interval',
      on: ['Service'],
      parse: probeInterval,
      whenInvalid: 'use-default',
      value: 'a duration from `1s` on (default: `fairlead.dev/health-interval`)',
      example: '1s',
      needs: checked,
      doc: 'How often the active health check asks an endpoint that is down. Traefik has this from 3.5 on.',
    },
    timeout: {
      key: 'fairlead.dev/health-timeout',
      on: ['Service'],
      parse: duration,
      whenInvalid: 'use-default',
      value: 'a duration (default `5s`; of UDP ports at most that)',
      example: '2s',
      needs: checked,
      doc: 'How long the active health check waits for an answer.',
    },
    ...healthRequest,
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
      needs: checked,
      doc: 'The port for active health checks. Traefik cannot check UDP ports, so for these Fairlead connects to this TCP port of each endpoint itself, or requests `fairlead.dev/health-path` over HTTP. It takes out endpoints that fail three times in a row, and puts them back after two successes. If all fail, all stay.',
    },
    send: {
      key: 'fairlead.dev/health-send',
      on: ['Service'],
      parse: bytes,
      whenInvalid: 'use-default',
      value: 'a text, sent as it stands',
      example: String.raw`"PING\r\n"`,
      doc: 'Active health check of TCP ports: Traefik connects to each endpoint, over TLS where `fairlead.dev/scheme` says so, and sends this text. Endpoints that cannot be reached are left out. Traefik has this from 3.6 on.',
    },
    expect: {
      key: 'fairlead.dev/health-expect',
      on: ['Service'],
      parse: bytes,
      whenInvalid: 'use-default',
      value: 'a text',
      example: '+PONG',
      doc: 'Active health check of TCP ports: how the answer or the greeting of an endpoint has to begin. Others are left out.',
    },
    connect: {
      key: 'fairlead.dev/health-tcp',
      on: ['Service'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Active health check of TCP ports that only connects, and sends and expects nothing.',
    },
  },
  apply: (values) => ({ ...toLoadBalancer(values), ...toTcpHealth(values), ...toUdpHealth(values) }),
});

/** Of a check by Fairlead itself, in milliseconds: its workers are for all. */
const longestTimeout = 5_000;

interface Values {
  readonly maxFails?: number;
  readonly failTimeout?: number;
  readonly path?: string;
  readonly interval?: number;
  readonly unhealthyInterval?: number;
  readonly timeout?: number;
  readonly mode?: 'grpc' | 'http';
  readonly method?: string;
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  readonly headers?: ReadonlyMap<string, string>;
  readonly followRedirects?: boolean;
  readonly status?: number;
  readonly port?: number;
  readonly send?: string;
  readonly expect?: string;
  readonly connect?: boolean;
}

/** What the active checks of HTTP and TCP have in common. */
function toTiming({ interval, unhealthyInterval, timeout, port }: Values) {
  return {
    ...(interval !== undefined && { interval: toGoDuration(interval) }),
    ...(unhealthyInterval !== undefined && { unhealthyInterval: toGoDuration(unhealthyInterval) }),
    ...(timeout !== undefined && { timeout: toGoDuration(timeout) }),
    ...(port !== undefined && { port }),
  };
}

function toLoadBalancer(values: Values): Directives {
  const { maxFails, failTimeout } = values;
  const passive = (maxFails ?? failTimeout) !== undefined && {
    passiveHealthCheck: {
      ...(maxFails !== undefined && { maxFailedAttempts: maxFails }),
      ...(failTimeout !== undefined && { failureWindow: toGoDuration(failTimeout) }),
    },
  };
  const active = toActive(values);
  return passive || active ? { loadBalancer: { ...passive, ...active } } : {};
}

function toActive(values: Values): Directives['loadBalancer'] {
  const { path, status, mode, method, scheme, host, headers, followRedirects } = values;
  const isGrpc = mode === 'grpc';
  if (path === undefined && !isGrpc) return undefined;
  const healthCheck = {
    // Traefik needs one, and does not look at it for gRPC.
    path: path ?? '/',
    ...(mode !== undefined && { mode }),
    ...(method !== undefined && { method }),
    ...(scheme !== undefined && { scheme }),
    ...(host !== undefined && { hostname: host }),
    ...(headers !== undefined && { headers: Object.fromEntries(headers) }),
    ...(followRedirects !== undefined && { followRedirects }),
    ...toTiming(values),
    ...(status !== undefined && { status }),
  };
  return { healthCheck };
}

function toTcpHealth(values: Values): Directives {
  const { send, expect, connect, interval = 30_000 } = values;
  if ((send ?? expect) === undefined && connect !== true) return {};
  const tcpHealth = {
    ...toTiming(values),
    // Traefik's own default, and said in any case: an empty object is none to it.
    interval: toGoDuration(interval),
    ...(send !== undefined && { send }),
    ...(expect !== undefined && { expect }),
  };
  return { tcpHealth };
}

/** A UDP port says nothing of itself: what is checked is the port that is named, whatever else is named. */
function toUdpHealth({ port, path, status, interval = 10_000, timeout = 5_000 }: Values): Directives {
  if (port === undefined) return {};
  const udpHealth = {
    port,
    ...(path !== undefined && { path, ...(status !== undefined && { status }) }),
    intervalMs: interval,
    timeoutMs: Math.min(timeout, longestTimeout),
  };
  return { udpHealth };
}
