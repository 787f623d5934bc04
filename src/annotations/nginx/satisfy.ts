import { defineFeature } from '../feature.ts';
import { oneOf } from '../parsers.ts';

export const satisfyKey = 'nginx.ingress.kubernetes.io/satisfy';

/** Whether one access limit is enough. */
export const satisfy = defineFeature({
  name: 'satisfy',
  annotations: {
    satisfy: {
      key: satisfyKey,
      on: ['Ingress'],
      parse: oneOf('all', 'any'),
      whenInvalid: 'use-default',
      value: '`all` (default) or `any`',
      example: 'any',
      doc: 'With `any`, clients in the allow-list need not authenticate, and clients that authenticate need not be in the allow-list. In some cases Traefik cannot do this: with two kinds of authentication, with a canary, or with more than 50 networks. Then both are required, and a problem says so.',
    },
  },
  apply: ({ satisfy: how }: { readonly satisfy?: 'all' | 'any' }) =>
    how === undefined ? {} : { satisfy: how },
});
