import { defineFeature } from '../feature.ts';
import { parseLabelSelector } from '../label-selector.ts';
import { accept, list, quote, refuse, toValue, type Parser } from '../parsers.ts';
import type { AllowedNamespaces } from '../../model/gateway-specs.ts';

/** The name of an annotation has at most so many characters after its slash, and the answer stands under the name of the listener. */
const longestName = 63;

const listenerName: Parser<string> = (text) => {
  if (text === '*' || text.toLowerCase() === 'true')
    return refuse(
      `${quote(text)} is not the name of a listener`,
      'Name each listener that is to be given a port, such as "mysql,dns": the number that stands in a listener otherwise is what its clients dial.',
    );
  return text.length <= longestName && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text)
    ? accept(text)
    : refuse(
        `${quote(text)} is not the name of a listener`,
        `Write the names of listeners, of at most ${longestName} characters, such as "mysql,dns".`,
      );
};

const listenerNames = list(listenerName);

const allowedNamespaces: Parser<AllowedNamespaces> = (text) => {
  const value = toValue(text);
  if (/^same$/i.test(value)) return accept({ from: 'Same' });
  if (/^all$/i.test(value)) return accept({ from: 'All' });
  const selector = parseLabelSelector(value);
  return selector === undefined
    ? refuse(
        `${quote(text)} is neither "Same" nor "All", nor a selector for labels of namespaces`,
        'Write "Same", "All", or a selector such as "team=a" or "tier in (data, cache)".',
      )
    : accept({ from: 'Selector', selector });
};

/** Asking for pool ports through objects of the Gateway API. */
export const listenerPorts = defineFeature({
  name: 'listener-ports',
  annotations: {
    allocatePort: {
      key: 'fairlead.dev/allocate-port',
      on: ['Gateway', 'ListenerSet'],
      parse: listenerNames,
      isList: true,
      whenInvalid: 'use-default',
      value: 'the names of TCP, UDP or TLS listeners, comma-separated',
      example: 'mysql,dns',
      doc: 'Gives each of these listeners a port of the pool. The `port` of such a listener is a placeholder, for instance 1. The number for clients is written back as `tcp.fairlead.dev/mysql`, on the object and on its routes: see [gateway-api.md](gateway-api.md#give-me-a-port).',
    },
    allocatePortsFor: {
      key: 'fairlead.dev/allocate-ports-for',
      on: ['Gateway'],
      parse: allowedNamespaces,
      whenInvalid: 'use-default',
      value: '`Same`, `All`, or a selector for the labels of namespaces such as `team=a`',
      example: 'Same',
      doc: 'Lets TCPRoutes and UDPRoutes of these namespaces, attached to the Gateway, ask for a port without a listener, by `fairlead.dev/expose`. Without it none may.',
    },
  },
  apply: ({ allocatePort, allocatePortsFor }) => ({
    ...(allocatePort && { allocatePort: [...new Set(allocatePort)] }),
    ...(allocatePortsFor && { allocatePortsFor }),
  }),
});
