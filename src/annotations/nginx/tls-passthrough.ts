import { defineFeature } from '../feature.ts';
import { boolean } from '../parsers.ts';

/** TLS that the backend ends. */
export const tlsPassthrough = defineFeature({
  name: 'tls-passthrough',
  annotations: {
    passthrough: {
      key: 'nginx.ingress.kubernetes.io/ssl-passthrough',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'TLS connections for the hosts of the rules go on to the backend of the path `/` as they are, whatever their requests ask for. The other paths, and what else annotations say of requests, are for plain HTTP alone; of limits of access a list of networks holds for the connections too, and with any other Traefik ends the TLS, so that it holds.',
      differs:
        'A host is for HTTP or for passing through, by the word of whoever routed it first, and where the path `/` is missing nothing is passed on. Limits of access hold: a list of networks for the connections as well, and with any other Traefik ends the TLS.',
    },
  },
  apply: ({ passthrough }) => (passthrough === true ? { tlsPassthrough: true } : {}),
});
