import { defineFeature } from '../feature.ts';
import { texts } from '../parsers.ts';

export const sniKey = 'fairlead.dev/sni';

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
      doc: 'Leads the TLS connections to the https entryPoint that ask for these hosts by SNI to a TCP port of the Service, and uses no pool port. They pass through as they are, so that the backend shows its own certificate; with `fairlead.dev/tls` Traefik ends the TLS. A host is for SNI or for HTTP.',
    },
  },
  apply: ({ sni: hosts }) => (hosts ? { sni: hosts } : {}),
});
