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
      doc: 'Asks clients for a user name and a password, and checks them against `auth-secret`.',
      differs:
        'Only bcrypt (up to cost 12), APR1 and SHA hashes are supported. nginx supports every hash that crypt of its host knows.',
    },
    secret: {
      key: 'nginx.ingress.kubernetes.io/auth-secret',
      on: ['Ingress'],
      parse: namedObject,
      whenInvalid: 'withhold',
      value: 'a Secret of the same namespace, as `name` or `namespace/name`',
      example: 'shop-users',
      doc: 'The Secret with the users. If it does not exist, or has no valid user, the routes answer 503.',
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
      doc: 'The realm, which browsers may show when they ask for the password. With `digest` it must be the realm in the lines of the Secret.',
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
    context.fault('secret', 'it has no effect without auth-type', hint);
    return undefined;
  }
  if (secret === undefined) {
    const hint = 'Add nginx.ingress.kubernetes.io/auth-secret.';
    context.fault('type', 'it needs auth-secret, which is missing', hint);
    return undefined;
  }
  const name = toOwnName(secret, 'Secret', 'secret', context);
  if (name === undefined) return undefined;
  const users = findUsers({ name, at: 'secret', layout: secretType ?? 'auth-file', type }, context);
  if (users === undefined) return undefined;
  const auth = { users: [...users], ...(shown !== '' && { realm: shown }) };
  return type === 'basic' ? { basicAuth: auth } : { digestAuth: auth };
}
