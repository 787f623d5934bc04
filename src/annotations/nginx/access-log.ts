import { defineFeature } from '../feature.ts';
import { boolean } from '../parsers.ts';

/** Whether requests are in the access log, in the words of ingress-nginx. */
export const accessLog = defineFeature({
  name: 'access-log',
  annotations: {
    enable: {
      key: 'nginx.ingress.kubernetes.io/enable-access-log',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` (default) or `"false"`',
      example: 'false',
      doc: 'Whether Traefik writes requests for the Ingress to its access log, if it has one.',
    },
  },
  apply: ({ enable }) => (enable === undefined ? {} : { observability: { accessLogs: enable } }),
});
