import { defineFeature } from '../feature.ts';
import { size } from '../parsers.ts';

/** How large a request may be. */
export const bodyLimit = defineFeature({
  name: 'body-limit',
  annotations: {
    maxBody: {
      key: 'fairlead.dev/max-body',
      on: ['Service', 'Ingress'],
      parse: size,
      whenInvalid: 'use-default',
      value: 'a size in bytes, with `k`, `m` or `g`',
      example: '200m',
      doc: 'Answers 413 to larger request bodies. Traefik then buffers requests and responses, so leave it out for streams. Without it, or with `0`, there is no limit.',
    },
  },
  apply: ({ maxBody }) =>
    maxBody === undefined
      ? {}
      : {
          middlewares: [
            {
              stage: 'buffer',
              role: 'max-body',
              middleware: maxBody === 0 ? null : { buffering: { maxRequestBodyBytes: maxBody } },
            },
          ],
        },
});
