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
      value: 'a Secret of the same namespace, as `namespace/name` or `name`',
      example: 'shop/client-ca',
      doc: 'Clients must present a certificate that an authority in `ca.crt` of the Secret has signed. This applies to all paths of the host. The namespace that first served the host over TLS decides, and a route that asks for other certificates answers 503. While the Secret cannot be used, every path of the host answers 503.',
      differs:
        'Without a valid certificate the TLS handshake fails; ingress-nginx answers 400. The certificate chain may have any length. On plain HTTP, where there are no client certificates, the routes answer 503 or redirect to HTTPS.',
    },
    verify: {
      key: 'nginx.ingress.kubernetes.io/auth-tls-verify-client',
      on: ['Ingress'],
      parse: verification,
      whenInvalid: 'withhold',
      value: '`on` (default), `off`, `optional` or `optional_no_ca`',
      example: 'optional',
      needs: secretKey,
      doc: '`on`: a valid certificate is required. `optional`: a client may have none, but one that it presents must be valid. `optional_no_ca`: certificates are requested, and not verified. `off`: none are requested.',
    },
    pass: {
      key: 'nginx.ingress.kubernetes.io/auth-tls-pass-certificate-to-upstream',
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      needs: secretKey,
      doc: 'Sends the client certificate to the backend in request headers. If clients send such headers themselves, these are always removed.',
      differs:
        'The headers are X-Forwarded-Tls-Client-Cert (PEM without its first and last line) and X-Forwarded-Tls-Client-Cert-Info (subject and issuer). In ingress-nginx they are Ssl-Client-Cert, Ssl-Client-Subject-Dn and Ssl-Client-Issuer-Dn. There is no header like Ssl-Client-Verify.',
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
