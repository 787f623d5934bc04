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
      doc: 'Passes TLS connections for the hosts of the rules to the backend of the path `/`, without terminating TLS. Other paths, and annotations for requests, then apply only to plain HTTP. An allow-list applies to the connections too. With any other access limit Traefik terminates TLS, so that the limit holds.',
      differs:
        'A host is either for HTTPS or for passthrough; the Ingress that routed it first decides. Without a path `/` the connections are closed. In ingress-nginx no access limit applies to passthrough.',
    },
  },
  apply: ({ passthrough }) => (passthrough === true ? { tlsPassthrough: true } : {}),
});
