import { defineFeature } from '../feature.ts';
import { boolean } from '../parsers.ts';

const differs = 'GET is answered with 301; ingress-nginx answers 308. Other methods get 308.';

/** Sending clients that come by plain HTTP to HTTPS. */
export const httpsRedirect = defineFeature({
  name: 'https-redirect',
  // An Ingress of the nginx dialect that asks for TLS is redirected though no annotation says so.
  always: true,
  annotations: {
    redirect: {
      key: 'nginx.ingress.kubernetes.io/ssl-redirect',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"`',
      example: 'false',
      doc: 'Whether plain HTTP is redirected to HTTPS, for hosts that have TLS. The default is `"false"`. In the nginx dialect it is `"true"`, and only Ingresses with `spec.tls` are redirected.',
      differs,
    },
    force: {
      key: 'nginx.ingress.kubernetes.io/force-ssl-redirect',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Redirects plain HTTP to HTTPS, even if the Ingress has no `spec.tls`.',
      differs,
    },
  },
  apply: ({ redirect, force }, { dialect, hasTls }) => {
    // In the nginx dialect every host has TLS; what it redirects by itself are the Ingresses that ask for it.
    const wanted = dialect === 'nginx' ? (hasTls ? (redirect ?? true) : undefined) : redirect;
    if (wanted === undefined && force !== true) return {};
    return {
      middlewares: [
        {
          stage: 'https',
          role: 'https',
          // As ingress-nginx has it: a host without TLS would be sent to where nobody answers.
          ...(force !== true && { whenTls: true }),
          ...(wanted === true || force === true
            ? { middleware: { redirectScheme: { scheme: 'https', permanent: true } }, differs }
            : { middleware: null }),
        },
      ],
    };
  },
});
