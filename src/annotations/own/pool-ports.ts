import { isPort, type Port } from '../../model/port.ts';
import { defineFeature } from '../feature.ts';
import { accept, list, quote, refuse, toValue, type Parser } from '../parsers.ts';
import type { ExposeDirective } from '../directives.ts';

const portReference: Parser<string> = (text) =>
  // A label of RFC 1123, as the API server takes it for ports of Services.
  text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)
    ? accept(text)
    : refuse(
        `${quote(text)} is neither the name nor the number of a port`,
        'Write "true", or ports such as "mysql,3307".',
      );

const portReferences = list(portReference);

/** Parses what `fairlead.dev/expose` takes. Undefined when the Service says "false". */
export const exposeDirective: Parser<ExposeDirective | undefined> = (text) => {
  const word = toValue(text).toLowerCase();
  if (word === 'true') return accept('all');
  if (word === 'false') return accept(undefined);
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

/** Asking for TCP and UDP ports of the pool. */
export const poolPorts = defineFeature({
  name: 'pool-ports',
  annotations: {
    expose: {
      key: 'fairlead.dev/expose',
      on: ['Service'],
      parse: exposeDirective,
      whenInvalid: 'use-default',
      value: '`"true"`, or ports by name or number, comma-separated',
      example: 'mysql,3307',
      doc: 'Gives each named port of the Service its own port of the pool, TCP or UDP after the protocol of the port.',
    },
  },
  portAnnotations: {
    request: {
      key: 'fairlead.dev/request-port.',
      on: ['Service'],
      parse: poolPort,
      whenInvalid: 'use-default',
      value: 'a port number; the key ends in the name or number of the Service port',
      example: '20085',
      doc: 'Asks for one port of the pool by its number. It has to lie in the requestable band, and be free.',
    },
  },
  apply: ({ expose, request }) => ({
    ...(expose && { expose }),
    ...(request && { requestedPorts: request }),
  }),
});
