import { defineFeature } from '../feature.ts';
import { boolean } from '../parsers.ts';

/** Sending clients that come by plain HTTP to HTTPS. */
export const redirectHttps = defineFeature({
  name: 'redirect-https',
  annotations: {
    redirect: {
      key: 'fairlead.dev/redirect-https',
      on: ['Service', 'Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"`',
      example: 'true',
      doc: 'Whether plain HTTP requests are redirected to HTTPS (301, for methods other than GET 308), before Traefik asks for a password. It is for hosts that have TLS, by `fairlead.dev/tls`, `spec.tls` or another route of the host; for others it has no effect, and a problem says so. `"false"` also switches off what an Ingress of the nginx dialect does by itself. HTTPRoutes and GRPCRoutes redirect by filters of their own.',
    },
  },
  apply: ({ redirect }) =>
    redirect === undefined
      ? {}
      : {
          middlewares: [
            {
              stage: 'https',
              role: 'https',
              // A host without TLS would be sent to where nobody answers.
              whenTls: true,
              middleware: redirect ? { redirectScheme: { scheme: 'https', permanent: true } } : null,
            },
          ],
        },
});
