import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { defineFeature, type FeatureContext } from '../feature.ts';
import { findUsers, realm } from '../find-users.ts';
import { oneOf, unlessDefault } from '../parsers.ts';
import { namedObject, toOwnName, type NamedObject } from '../named-object.ts';
import type { AuthType } from '../users.ts';

const authType = oneOf('basic', 'digest');
const layout = unlessDefault(oneOf('auth-file', 'auth-map'), 'auth-file');

interface Values {
  readonly type?: AuthType;
  readonly secret?: NamedObject;
  readonly secretType?: 'auth-map' | undefined;
  readonly realm?: string;
}

/** A name and a password for whoever comes in. */
export const basicAuth = defineFeature({
  name: 'basic-auth',
  annotations: {
    type: {
      key: 'nginx.ingress.kubernetes.io/auth-type',
      on: ['Ingress'],
      parse: authType,
      whenInvalid: 'withhold',
      value: '`basic` or `digest`',
      example: 'basic',
      doc: 'Asks clients for a name and a password, which are compared with those in `auth-secret`.',
      differs:
        'Only bcrypt (up to cost 12), APR1 and SHA hashes are accepted; nginx accepts every kind that crypt of its host knows.',
    },
    secret: {
      key: 'nginx.ingress.kubernetes.io/auth-secret',
      on: ['Ingress'],
      parse: namedObject,
      whenInvalid: 'withhold',
      value: 'a Secret, as `name` or `namespace/name`, of the namespace of the Ingress',
      example: 'shop-users',
      doc: 'The Secret with the users. Without it, or with one that has none that can be used, the routes answer 503.',
    },
    secretType: {
      key: 'nginx.ingress.kubernetes.io/auth-secret-type',
      on: ['Ingress'],
      parse: layout,
      whenInvalid: 'withhold',
      value:
        '`auth-file` (default): lines as `htpasswd` writes them, under `auth`; or `auth-map`: each key a user',
      example: 'auth-map',
      needs: 'nginx.ingress.kubernetes.io/auth-secret',
      doc: 'The format of the users in the Secret.',
    },
    realm: {
      key: 'nginx.ingress.kubernetes.io/auth-realm',
      on: ['Ingress'],
      parse: realm,
      whenInvalid: 'use-default',
      value: 'a text',
      example: 'Staff only',
      needs: 'nginx.ingress.kubernetes.io/auth-type',
      doc: 'What browsers show when they ask for the password. Part of each line of the Secret with `digest`.',
    },
  },
  apply: (values: Values, context) => {
    const middleware = toMiddleware(values, context);
    return middleware === undefined ? {} : { middlewares: [{ stage: 'auth', role: 'users', middleware }] };
  },
});

function toMiddleware(
  { type, secret, secretType, realm: shown = '' }: Values,
  context: FeatureContext,
): HttpMiddleware | undefined {
  if (type === undefined) {
    if (secret === undefined) return undefined;
    const hint = 'Add nginx.ingress.kubernetes.io/auth-type, or remove it.';
    context.fault('secret', 'it says who may come in, and no auth-type how to ask for them', hint);
    return undefined;
  }
  if (secret === undefined) {
    const hint = 'Add nginx.ingress.kubernetes.io/auth-secret.';
    context.fault('type', 'no Secret says who may come in', hint);
    return undefined;
  }
  const name = toOwnName(secret, 'Secret', 'secret', context);
  if (name === undefined) return undefined;
  const users = findUsers({ name, at: 'secret', layout: secretType ?? 'auth-file', type }, context);
  if (users === undefined) return undefined;
  const auth = { users: [...users], ...(shown !== '' && { realm: shown }) };
  return type === 'basic' ? { basicAuth: auth } : { digestAuth: auth };
}
