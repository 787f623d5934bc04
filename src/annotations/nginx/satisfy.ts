import { defineFeature } from '../feature.ts';
import { oneOf } from '../parsers.ts';

export const satisfyKey = 'nginx.ingress.kubernetes.io/satisfy';

/** Whether one limit of access is enough. */
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
      doc: 'With `any`, clients of the networks that the Ingress lets in need not authenticate, and clients that authenticate may come from anywhere. Where that cannot be told apart in Traefik (two ways to authenticate, a canary, more than 50 networks) both are asked for, and a problem says so.',
    },
  },
  apply: ({ satisfy: how }: { readonly satisfy?: 'all' | 'any' }) =>
    how === undefined ? {} : { satisfy: how },
});
