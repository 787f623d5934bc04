import type { Directives } from '../directives.ts';
import { defineFeature } from '../feature.ts';
import { findUsers, realm } from '../find-users.ts';
import { namedObject, toOwnName } from '../named-object.ts';

const secretKey = 'fairlead.dev/basic-auth';

/** A name and a password for whoever comes in. */
export const passwords = defineFeature({
  name: 'passwords',
  annotations: {
    secret: {
      key: secretKey,
      on: ['Service', 'Ingress'],
      parse: namedObject,
      whenInvalid: 'withhold-http',
      value: 'a Secret of the namespace',
      example: 'shop-users',
      doc: 'Asks clients over HTTP for a name and a password. The Secret has lines as `htpasswd` writes them (bcrypt up to cost 12, APR1 or SHA) under `users` or `auth`, or is of type `kubernetes.io/basic-auth`. While it is missing, or nobody in it can come in, the routes answer 503. Set on an Ingress and on the Service behind it, both hold. Pool ports and SNI know no passwords: what the Service exposes there stays open.',
    },
    realm: {
      key: 'fairlead.dev/basic-auth-realm',
      on: ['Service', 'Ingress'],
      parse: realm,
      whenInvalid: 'use-default',
      value: 'a text (default `traefik`)',
      example: 'Staff only',
      needs: secretKey,
      doc: 'What browsers show when they ask for the password.',
    },
  },
  apply: ({ secret, realm: shown = '' }, context): Directives => {
    const name = secret && toOwnName(secret, 'Secret', 'secret', context);
    if (name === undefined) return {};
    const users = findUsers({ name, at: 'secret', layout: 'users-file', type: 'basic' }, context);
    if (users === undefined) return {};
    const basicAuth = { users: [...users], ...(shown !== '' && { realm: shown }) };
    return { middlewares: [{ stage: 'auth', role: 'users', middleware: { basicAuth } }] };
  },
});
