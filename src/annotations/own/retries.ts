import { defineFeature } from '../feature.ts';
import { integer } from '../parsers.ts';

/** Trying another endpoint when one does not answer. */
export const retries = defineFeature({
  name: 'retries',
  annotations: {
    attempts: {
      key: 'fairlead.dev/retries',
      on: ['Service', 'Ingress'],
      parse: integer(0, 100),
      whenInvalid: 'use-default',
      value: 'a count; `0`: none',
      example: '3',
      doc: 'How many times a request is tried when the connection to the endpoint fails.',
    },
  },
  apply: ({ attempts }) =>
    attempts === undefined
      ? {}
      : {
          middlewares: [
            { stage: 'retry', role: 'retries', middleware: attempts === 0 ? null : { retry: { attempts } } },
          ],
        },
});
