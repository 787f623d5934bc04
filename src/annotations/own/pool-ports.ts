import { isPort, type Port } from '../../model/port.ts';
import { defineFeature } from '../feature.ts';
import { accept, boolean, list, quote, refuse, toValue, type Parser } from '../parsers.ts';
import type { ExposeDirective, ServiceName } from '../directives.ts';

const portReference: Parser<string> = (text) =>
  // A label of RFC 1123, as the API server takes it for ports of Services; `*` stands for any part of it.
  text.length <= 63 && /^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?$/.test(text)
    ? accept(text)
    : refuse(
        `${quote(text)} is neither the name nor the number of a port`,
        /^[-a-z0-9]{1,63}\/(tcp|udp)$/i.test(text)
          ? `Write "${text.slice(0, -4)}": the protocol is that of the port of the Service.`
          : 'Write "true", or ports such as "mysql,3307", or "rtp*".',
      );

/** Each is compared with each port of the Service. */
const mostPatterns = 20;

const anyReferences = list(portReference);

const portReferences: Parser<readonly string[]> = (text) => {
  const parsed = anyReferences(text);
  return parsed.ok && parsed.value.filter((each) => each.includes('*')).length > mostPatterns
    ? refuse(`the list has more than ${mostPatterns} patterns`, 'Name the ports, or write "true" for all.')
    : parsed;
};

/** Parses what `fairlead.dev/expose` takes. Undefined when the Service says "false". */
export const exposeDirective: Parser<ExposeDirective | undefined> = (text) => {
  const word = toValue(text).toLowerCase();
  if (word === 'true') return accept('all');
  if (word === 'false') return accept(undefined);
  if (word === '')
    return refuse(
      'it names no port',
      'Write "true" for all ports, or ports such as "mysql,3307", or "rtp*"; or remove it.',
    );
  return portReferences(text);
};

const poolPort: Parser<Port> = (text) => {
  const value = toValue(text);
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return isPort(port)
    ? accept(port)
    : refuse(
        `${quote(text)} is not a port number`,
        'Write a number of the requestable band of the pool, in quotes.',
      );
};

/** Any text: which pools there are is known to the translation, and a wrong one must not mean the default. */
const poolName: Parser<string> = (text) => accept(toValue(text));

/** Parses what names another Service: `name` or `namespace/name`. */
export const serviceName: Parser<ServiceName> = (text) => {
  const trimmed = text.trim();
  const parts = trimmed.length > 317 ? [] : trimmed.split('/');
  const isName = parts.every((part) => /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(part));
  const [first = '', second] = parts;
  if (!isName || parts.length === 0 || parts.length > 2)
    return refuse(`${quote(text)} is not the name of a Service`, 'Write "name", or "namespace/name".');
  return accept(second === undefined ? { name: first } : { namespace: first, name: second });
};

/** Asking for TCP and UDP ports of the pool. */
export const poolPorts = defineFeature({
  name: 'pool-ports',
  annotations: {
    expose: {
      key: 'fairlead.dev/expose',
      on: ['Service', 'TCPRoute', 'UDPRoute'],
      parse: exposeDirective,
      whenInvalid: 'use-default',
      value: '`"true"`, or ports by name, number or a pattern for names such as `rtp*`, comma-separated',
      example: 'mysql,3307',
      doc: 'Gives each named port of the Service its own port of the pool, TCP or UDP after the protocol of the port. On a TCPRoute or UDPRoute it is `"true"`, and gives the route a port of a Gateway without a listener, where `fairlead.dev/allocate-ports-for` of the Gateway lets it.',
    },
    contiguous: {
      key: 'fairlead.dev/contiguous',
      on: ['Service'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"`',
      example: 'true',
      doc: 'Gives the exposed ports of the Service consecutive numbers, in the order of their port numbers. All get ports, or none does: see [docs/ports.md](ports.md#consecutive-ports).',
      needs: 'fairlead.dev/expose',
    },
    exposeEach: {
      key: 'fairlead.dev/expose-each',
      on: ['Service'],
      parse: exposeDirective,
      whenInvalid: 'use-default',
      value: '`"true"`, or ports by name or number, comma-separated',
      example: 'kafka',
      doc: 'Gives each endpoint of the Service that has a hostname, such as the pods of a StatefulSet in its headless Service, its own port of the pool for each named port. It is written back as `tcp.fairlead.dev/9092.kafka-0`, and stays with that hostname: see [docs/ports.md](ports.md#one-port-for-each-endpoint).',
    },
    pool: {
      key: 'fairlead.dev/pool',
      on: ['Service', 'Gateway', 'ListenerSet', 'TCPRoute', 'UDPRoute'],
      parse: poolName,
      whenInvalid: 'use-default',
      value: 'the name of a pool',
      example: 'games',
      doc: 'The pool that the ports are taken from, in each fleet that serves the object. Without it they come from the first that is for its namespace. A Service that holds ports of another pool moves when this one has room for it: see [docs/ports.md](ports.md#several-pools).',
      needs: 'fairlead.dev/expose',
    },
    portsFrom: {
      key: 'fairlead.dev/ports-from',
      on: ['Service'],
      parse: serviceName,
      whenInvalid: 'use-default',
      value: 'a Service, as `name` or `namespace/name`',
      example: 'old-namespace/orders-db',
      doc: 'Takes over the pool ports of another Service of the same source, by port number, for ports without a pool port. That Service has to agree by `fairlead.dev/ports-to`; one of the same namespace that is gone needs not.',
      needs: 'fairlead.dev/expose',
    },
    portsTo: {
      key: 'fairlead.dev/ports-to',
      on: ['Service'],
      parse: serviceName,
      whenInvalid: 'use-default',
      value: 'a Service, as `name` or `namespace/name`',
      example: 'new-namespace/orders-db',
      doc: 'Lets that Service take over the pool ports of this one, when it asks for it by `fairlead.dev/ports-from`. This one is given other ports for as long as it asks for any.',
      needs: 'fairlead.dev/expose',
    },
  },
  portAnnotations: {
    request: {
      key: 'fairlead.dev/request-port.',
      on: ['Service', 'Gateway', 'ListenerSet', 'TCPRoute', 'UDPRoute'],
      parse: poolPort,
      whenInvalid: 'use-default',
      value:
        'a port number; the key ends in the name or number of the Service port (for one endpoint `9092.kafka-0`), in the name of the listener, or on a route in `port`',
      example: '20085',
      doc: 'Asks for one port of the pool by its number. It has to lie in the requestable band, and be free.',
    },
  },
  apply: ({ expose, exposeEach, contiguous, pool, portsFrom, portsTo, request }) => ({
    ...(expose && { expose }),
    ...(exposeEach && { exposeEach }),
    ...(contiguous === true && { contiguous }),
    ...(pool !== undefined && { pool }),
    ...(portsFrom && { portsFrom }),
    ...(portsTo && { portsTo }),
    ...(request && { requestedPorts: request }),
  }),
});
