import type { ClientAuthDirective, Directives, MiddlewareDirective } from '../directives.ts';
import { defineFeature, type FeatureContext } from '../feature.ts';
import { accept, boolean, oneOf, type Parser } from '../parsers.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import type { TlsOptions } from '../../traefik/tls.ts';
import { namedObject, toOwnName, type NamedObject } from '../named-object.ts';

const types = {
  on: 'RequireAndVerifyClientCert',
  optional: 'VerifyClientCertIfGiven',
  optional_no_ca: 'RequestClientCert',
} as const;
type ClientAuthType = (typeof types)[keyof typeof types];

const verification = oneOf('on', 'off', 'optional', 'optional_no_ca');

type Mistake = Extract<ReturnType<typeof namedObject>, { readonly ok: false }>;

/** A name that is none has to be known of: the other routes of the host rely on it as well. */
const named: Parser<Mistake | NamedObject> = (text) => {
  const name = namedObject(text);
  return accept(name.ok ? name.value : name);
};

const secretKey = 'nginx.ingress.kubernetes.io/auth-tls-secret';

/** Certificates that clients have to show, in the words of ingress-nginx. */
export const clientCertificates = defineFeature({
  name: 'client-certificates',
  annotations: {
    secret: {
      key: secretKey,
      on: ['Ingress'],
      parse: named,
      whenInvalid: 'withhold',
      value: 'a Secret of the namespace, as `namespace/name` or `name`',
      example: 'shop/client-ca',
      doc: 'Clients have to show a certificate from an authority in `ca.crt` of the Secret. This holds for all paths of the host, and the namespace that first served the host over TLS decides. A route that asks for other certificates answers 503, and so does every path while the Secret cannot be used.',
      differs:
        'Clients without a valid certificate are refused while TLS is set up, in place of an answer 400; a chain may be of any length that ends at the authority. On plain HTTP, where nobody can show one, the routes answer 503 or redirect to HTTPS.',
    },
    verify: {
      key: 'nginx.ingress.kubernetes.io/auth-tls-verify-client',
      on: ['Ingress'],
      parse: verification,
      whenInvalid: 'withhold',
      value: '`on` (default), `off`, `optional` or `optional_no_ca`',
      example: 'optional',
      needs: secretKey,
      doc: 'Whether a certificate has to be shown (`on`), has to be valid where one is shown (`optional`), or is asked for and not verified (`optional_no_ca`).',
    },
    pass: {
      key: 'nginx.ingress.kubernetes.io/auth-tls-pass-certificate-to-upstream',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      needs: secretKey,
      doc: 'The backend gets the certificate of the client. Headers by which it hears of certificates are taken from requests whether it does or not.',
      differs:
        'The headers are X-Forwarded-Tls-Client-Cert (base64 without the lines around it) and X-Forwarded-Tls-Client-Cert-Info (subject and issuer) in place of Ssl-Client-Cert, -Subject-Dn and -Issuer-Dn. There is none in place of Ssl-Client-Verify.',
    },
  },
  apply: ({ secret, verify, pass }, context): Directives => {
    if (secret === undefined) return {};
    const options: ClientAuthDirective['options'] =
      verify === 'off' ? 'none' : toOptions(secret, types[verify ?? 'on'], context);
    const clientAuth = { options, ...(verify && { verify }) };
    if (typeof options === 'string') return { clientAuth };
    return { clientAuth, middlewares: [withoutForged, ...(pass === true ? [passing] : [])] };
  },
});

function toOptions(
  secret: Mistake | NamedObject,
  clientAuthType: ClientAuthType,
  context: FeatureContext,
): TlsOptions | 'unusable' {
  if ('ok' in secret) {
    context.fault('secret', secret.message, secret.hint);
    return 'unusable';
  }
  const name = toOwnName(secret, 'Secret', 'secret', context);
  if (name === undefined) return 'unusable';
  const found = context.lookUp.authorities(name);
  if ('certificates' in found) return { clientAuth: { caFiles: [found.certificates], clientAuthType } };
  context.fault('secret', `Secret ${name} ${found.why}`, found.hint);
  return 'unusable';
}

/** Headers by which backends hear of certificates: of Traefik, and of ingress-nginx, for which the backend may have been made. */
const headers = [
  'Ssl-Client-Cert',
  'Ssl-Client-Issuer-Dn',
  'Ssl-Client-Subject-Dn',
  'Ssl-Client-Verify',
  'X-Forwarded-Tls-Client-Cert',
  'X-Forwarded-Tls-Client-Cert-Info',
];

const withoutForged: MiddlewareDirective<HttpMiddleware> = {
  stage: 'headers',
  role: 'client-cert-forged',
  middleware: { headers: { customRequestHeaders: Object.fromEntries(headers.map((name) => [name, ''])) } },
};

const who = {
  commonName: true,
  country: true,
  domainComponent: true,
  locality: true,
  organization: true,
  province: true,
  serialNumber: true,
};

const passing: MiddlewareDirective<HttpMiddleware> = {
  stage: 'headers',
  role: 'client-cert',
  middleware: {
    passTLSClientCert: {
      pem: true,
      info: { subject: { ...who, organizationalUnit: true }, issuer: who },
    },
  },
};
