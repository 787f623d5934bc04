import { isDnsLabel } from '../../lib/dns-names.ts';
import { isPort } from '../../model/port.ts';
import type { SniPortDirective } from '../directives.ts';
import { defineFeature } from '../feature.ts';
import { accept, quote, refuse, texts, toValue, type Parser } from '../parsers.ts';

export const sniKey = 'fairlead.dev/sni';
export const sniPortKey = 'fairlead.dev/sni-port';

const sniPortDirective: Parser<SniPortDirective> = (text) => {
  const name = toValue(text);
  if (!/^\d+$/.test(name)) {
    return isDnsLabel(name)
      ? accept({ name })
      : refuse(
          `${quote(text)} is no name for a port`,
          'Write a name such as "databases", or the number of a pool port.',
        );
  }
  const requested = Number(name);
  return isPort(requested)
    ? accept({ name: String(requested), requested })
    : refuse(`${quote(text)} is not a port number`, 'Write a number of the requestable band of the pool.');
};

/** TLS connections for a Service by the host that the client asks for, whatever is spoken inside. */
export const sni = defineFeature({
  name: 'sni',
  annotations: {
    sni: {
      key: sniKey,
      on: ['Service'],
      parse: texts,
      isList: true,
      whenInvalid: 'use-default',
      value:
        'host names, comma-separated; `*.db.example.com` stands for one label; before a host the TCP port of the Service, by name or number, where it has several',
      example: 'mysql=db.example.com',
      doc: 'Routes TLS connections on the https entryPoint for these hosts (SNI) to a TCP port of the Service. No pool port is used. They pass through as they are, so that the backend shows its own certificate; with `fairlead.dev/tls` Traefik ends the TLS. A host is for SNI or for HTTPS.',
    },
    sniPort: {
      key: sniPortKey,
      on: ['Service'],
      parse: sniPortDirective,
      whenInvalid: 'use-default',
      value: 'a name, or the number of a pool port',
      example: 'databases',
      doc: 'Accepts the connections of `fairlead.dev/sni` on a pool port instead of the https entryPoint. All Services of the namespace with the same name share the port, and their hosts tell them apart. A number asks for that port. The connections pass through. Where it is written back: as for `fairlead.dev/expose`.',
      needs: sniKey,
    },
  },
  apply: ({ sni: hosts, sniPort }) => ({
    ...(hosts && { sni: hosts }),
    ...(hosts && sniPort && { sniPort }),
  }),
});
