import { toGoDuration } from '../../traefik/duration.ts';
import { defineFeature } from '../feature.ts';
import { accept, duration, quote, refuse, toValue, type Parser } from '../parsers.ts';

const proxyVersion: Parser<1 | 2> = (text) => {
  const value = toValue(text);
  if (value === '1') return accept(1);
  if (value === '2') return accept(2);
  return refuse(`${quote(text)} is no version of the PROXY protocol`, 'Write "1" or "2", in quotes.');
};

/** Kernels count keep-alive in whole seconds. */
const keepAlive: Parser<number> = (text) => {
  const parsed = duration(text);
  return parsed.ok && parsed.value < 1_000
    ? refuse(`${quote(text)} is shorter than a second`, 'Write "1s" or more.')
    : parsed;
};

/** How connections go on from Traefik to the servers of a TCP port. */
export const tcpOptions = defineFeature({
  name: 'tcp-options',
  annotations: {
    proxyProtocol: {
      key: 'fairlead.dev/proxy-protocol',
      on: ['Service'],
      parse: proxyVersion,
      // A backend that takes its clients' addresses from the header would take them from what a client writes itself.
      whenInvalid: 'withhold',
      value: '`"1"` or `"2"`',
      example: '2',
      doc: 'Begins each connection to a TCP port with a header of the PROXY protocol, version 1 (text) or 2 (binary), that says who the client is. The backend has to expect it.',
    },
    terminationDelay: {
      key: 'fairlead.dev/termination-delay',
      on: ['Service'],
      parse: duration,
      whenInvalid: 'use-default',
      value: 'a duration (default `100ms`)',
      example: '10s',
      doc: 'How long a TCP connection stays open for one side after the other side has closed its part. For clients that close their part first and then wait for the whole answer.',
    },
    keepAlive: {
      key: 'fairlead.dev/keep-alive',
      on: ['Service'],
      parse: keepAlive,
      whenInvalid: 'use-default',
      value: 'a duration from `1s` on (default `15s`)',
      example: '60s',
      doc: 'How often Traefik probes an idle TCP connection to an endpoint. So dead connections are noticed, and firewalls do not close idle ones.',
    },
  },
  apply: ({ proxyProtocol, terminationDelay, keepAlive: probe }) => {
    const tcpTransport = {
      ...(proxyProtocol !== undefined && { proxyProtocol: { version: proxyProtocol } }),
      ...(terminationDelay !== undefined && { terminationDelay: toGoDuration(terminationDelay) }),
      ...(probe !== undefined && { dialKeepAlive: toGoDuration(probe) }),
    };
    return Object.keys(tcpTransport).length > 0 ? { tcpTransport } : {};
  },
});
