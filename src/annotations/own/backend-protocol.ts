import { defineFeature, type ClientCertificate, type FeatureContext } from '../feature.ts';
import { toCertificateBlocks } from '../pem-blocks.ts';
import { accept, boolean, objectName, oneOf, toValue, type Parser } from '../parsers.ts';
import type { Directives } from '../directives.ts';

const scheme = oneOf('http', 'https', 'h2c', 'tls');
const tlsVersion = oneOf('1.0', '1.1', '1.2', '1.3');
/** `FCGI` is known to ingress-nginx, and to Traefik not. */
const nginxProtocol = oneOf('HTTP', 'HTTPS', 'GRPC', 'GRPCS', 'AUTO_HTTP');

/** An object that holds the certificates of authorities. */
interface Named {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
}

const authoritiesName: Parser<Named> = (text) => {
  const [, word, rest] = /^(configmap|secret)\/([^]*)$/.exec(toValue(text)) ?? [];
  const name = objectName(rest ?? text);
  return name.ok ? accept({ kind: word === 'configmap' ? 'ConfigMap' : 'Secret', name: name.value }) : name;
};

/** HTTP, HTTPS or cleartext HTTP/2 towards the backend, and how its certificate is checked. */
export const backendProtocol = defineFeature({
  name: 'backend-protocol',
  annotations: {
    scheme: {
      key: 'fairlead.dev/scheme',
      on: ['Service', 'Ingress'],
      parse: scheme,
      whenInvalid: 'use-default',
      value: '`http`, `https` or `h2c`; for TCP ports `tls`',
      example: 'https',
      doc: 'The protocol towards the backend. Without it: `appProtocol` of the port, else HTTPS for port 443 and port names that begin with `https`, else HTTP. `tls` is for TCP ports; without it their connections are passed on unchanged. With `tls` `fairlead.dev/server-name` is needed, or `fairlead.dev/insecure-skip-verify`.',
    },
    insecure: {
      key: 'fairlead.dev/insecure-skip-verify',
      on: ['Service', 'Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Accepts any certificate of an HTTPS or TLS backend, without verification.',
    },
    serverName: {
      key: 'fairlead.dev/server-name',
      on: ['Service', 'Ingress'],
      parse: objectName,
      whenInvalid: 'use-default',
      value: 'a host name',
      example: 'backend.internal.example.com',
      doc: 'The name in the certificate of an HTTPS or TLS backend, also sent as SNI.',
    },
    minVersion: {
      key: 'fairlead.dev/tls-min-version',
      on: ['Service', 'Ingress'],
      parse: tlsVersion,
      whenInvalid: 'use-default',
      value: '`"1.0"`, `"1.1"`, `"1.2"` (default) or `"1.3"`',
      example: '1.3',
      doc: 'The oldest version of TLS for an HTTPS backend: `"1.3"` is stricter than the default, `"1.0"` is for machines that support nothing newer. Traefik has this from 3.7 on, and not for TCP ports.',
    },
    ca: {
      key: 'fairlead.dev/ca',
      on: ['Service', 'Ingress'],
      parse: authoritiesName,
      whenInvalid: 'use-default',
      value: 'the name of a Secret of the namespace, or `configmap/NAME`',
      example: 'backend-ca',
      doc: 'The authorities for the certificate of an HTTPS or TLS backend, instead of those that Traefik trusts: PEM under `ca.crt` of a Secret or ConfigMap.',
    },
    clientCert: {
      key: 'fairlead.dev/client-cert',
      on: ['Service', 'Ingress'],
      parse: objectName,
      whenInvalid: 'withhold',
      value: 'the name of a TLS Secret of the namespace',
      example: 'edge-client',
      doc: 'The client certificate for an HTTPS or TLS backend: `tls.crt` and `tls.key` of the Secret. Like all keys it is only sent to an authenticated Traefik, or over loopback.',
    },
    nginx: {
      key: 'nginx.ingress.kubernetes.io/backend-protocol',
      on: ['Ingress'],
      parse: nginxProtocol,
      whenInvalid: 'use-default',
      value: '`HTTP` (default in the nginx dialect), `HTTPS`, `GRPC`, `GRPCS` or `AUTO_HTTP`',
      example: 'HTTPS',
      doc: 'The protocol towards the backend. With `HTTPS` and `GRPCS` the certificate of the backend is not verified, unless `proxy-ssl-verify` is `on` or `fairlead.dev/insecure-skip-verify` is `"false"`.',
      differs:
        '`AUTO_HTTP` means `HTTP`; in ingress-nginx it means the protocol of the request. `FCGI` is not supported.',
    },
  },
  apply: ({ scheme: own, insecure, serverName, minVersion, ca, clientCert, nginx }, context): Directives => {
    const fromNginx =
      nginx &&
      ({ HTTP: 'http', HTTPS: 'https', GRPC: 'h2c', GRPCS: 'https', AUTO_HTTP: 'http' } as const)[nginx];
    if (own === 'tls' && context.on === 'Ingress')
      context.fault('scheme', '"tls" is for TCP ports, and an Ingress has none', 'Write "https".');
    if (own === 'tls' && minVersion !== undefined)
      context.fault('minVersion', 'TCP ports have no oldest version of TLS in Traefik', 'Remove it.');
    const chosen = own === 'tls' ? fromNginx : (own ?? fromNginx);
    // ingress-nginx does not verify backends by default; with verification its users' backends would all fail.
    const insecureSkipVerify = insecure ?? (own === undefined && fromNginx === 'https' ? true : undefined);
    const authorities = ca === undefined ? undefined : findAuthorities(ca, context);
    const certificate = clientCert === undefined ? undefined : findClientCertificate(clientCert, context);
    const tls = {
      ...(insecureSkipVerify !== undefined && { insecureSkipVerify }),
      ...(serverName !== undefined && { serverName }),
      ...(authorities && { rootCAs: [authorities] }),
      ...(certificate && { certificates: [certificate] }),
    };
    // With one of the two alone Traefik drops all TLS settings of the transport.
    const versions = minVersion !== undefined &&
      own !== 'tls' && { minVersion: tlsVersions[minVersion], maxVersion: tlsVersions['1.3'] };
    return {
      ...(chosen && { scheme: chosen }),
      ...(certificate && clientCert !== undefined && { clientCertificate: clientCert }),
      ...(own === 'tls' && context.on === 'Service' && { tcpScheme: own }),
      ...((Object.keys(tls).length > 0 || versions) && { transport: { ...tls, ...versions } }),
      ...(Object.keys(tls).length > 0 && context.on === 'Service' && { tcpTls: tls }),
    };
  },
});

const tlsVersions = {
  '1.0': 'VersionTLS10',
  '1.1': 'VersionTLS11',
  '1.2': 'VersionTLS12',
  '1.3': 'VersionTLS13',
} as const;

function findClientCertificate(
  name: string,
  { lookUp, fault }: FeatureContext,
): ClientCertificate | undefined {
  const certificate = lookUp.clientCertificate(name);
  if ('certFile' in certificate) return certificate;
  fault('clientCert', `Secret ${name} ${certificate.why}`, certificate.hint);
  return undefined;
}

function findAuthorities({ kind, name }: Named, { lookUp, fault }: FeatureContext): string | undefined {
  const object = kind === 'Secret' ? lookUp.secret(name) : lookUp.configMap(name);
  const blocks = toCertificateBlocks(object?.data['ca.crt'] ?? '');
  if (blocks !== undefined) return blocks;
  const what = `${kind} ${name}`;
  fault(
    'ca',
    object === undefined ? `there is no ${what}` : `${what} has no PEM certificate in ca.crt`,
    `Put the certificates of the authorities into ca.crt of a ${kind} of the same namespace.`,
  );
  return undefined;
}
