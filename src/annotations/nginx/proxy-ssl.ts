import type { ServersTransport } from '../../traefik/servers-transport.ts';
import type { Directives } from '../directives.ts';
import { defineFeature, type ClientCertificate, type FeatureContext } from '../feature.ts';
import { accept, integer, objectName, oneOf, quote, refuse, toValue, type Parser } from '../parsers.ts';
import { toCertificateBlocks } from '../pem-blocks.ts';
import { namedObject, toOwnName } from '../named-object.ts';

const onOff = oneOf('on', 'off');

const versions = {
  TLSv1: 'VersionTLS10',
  'TLSv1.1': 'VersionTLS11',
  'TLSv1.2': 'VersionTLS12',
  'TLSv1.3': 'VersionTLS13',
} as const;
type Version = (typeof versions)[keyof typeof versions];

/** The oldest and the newest of a list: Traefik knows ranges only. */
const protocols: Parser<{ readonly oldest: Version; readonly newest: Version }> = (text) => {
  const given = toValue(text).split(/\s+/);
  const known = Object.entries(versions).flatMap(([name, version]) => (given.includes(name) ? version : []));
  const [oldest] = known;
  const newest = known.at(-1);
  return oldest !== undefined && newest !== undefined && known.length === new Set(given).size
    ? accept({ oldest, newest })
    : refuse(`${quote(text)} is no list of TLS versions`, 'Write "TLSv1.2 TLSv1.3", or one of the two.');
};

/** nginx takes `on` and `off` here, Traefik's own provider the name itself. */
const serverName: Parser<'off' | 'on' | { readonly name: string }> = (text) => {
  const word = onOff(text);
  if (word.ok) return word;
  const name = objectName(text);
  return name.ok ? accept({ name: name.value }) : name;
};

/** TLS towards the backend, in the words of ingress-nginx. */
export const proxySsl = defineFeature({
  name: 'proxy-ssl',
  annotations: {
    secret: {
      key: 'nginx.ingress.kubernetes.io/proxy-ssl-secret',
      on: ['Ingress'],
      parse: namedObject,
      whenInvalid: 'withhold',
      value: 'a Secret of the same namespace, as `namespace/name` or `name`',
      example: 'shop/backend-tls',
      doc: 'The client certificate for HTTPS backends (`tls.crt` and `tls.key`), and the authorities (`ca.crt`) for their certificates. The authorities are used only with `proxy-ssl-verify: "on"`. Like all keys, the one of the client certificate is only sent to an authenticated Traefik, or over loopback.',
    },
    verify: {
      key: 'nginx.ingress.kubernetes.io/proxy-ssl-verify',
      on: ['Ingress'],
      parse: onOff,
      whenInvalid: 'withhold',
      value: '`on` or `off` (default)',
      example: 'on',
      doc: 'Whether the certificates of HTTPS backends are verified.',
    },
    name: {
      key: 'nginx.ingress.kubernetes.io/proxy-ssl-name',
      on: ['Ingress'],
      parse: objectName,
      whenInvalid: 'use-default',
      value: 'a host name; default: the host of the request',
      example: 'backend.internal.example.com',
      doc: 'The name that the certificate of an HTTPS backend must have. It is also sent as SNI.',
      differs: 'Without it the certificate must have the address of the endpoint.',
    },
    serverName: {
      key: 'nginx.ingress.kubernetes.io/proxy-ssl-server-name',
      on: ['Ingress'],
      parse: serverName,
      whenInvalid: 'use-default',
      value: '`on`, `off` (default) or a host name',
      example: 'on',
      doc: 'Whether the name is sent as SNI.',
      differs:
        'Traefik always sends as SNI the name that it verifies. A host name means the same as in `proxy-ssl-name`, as in Traefik’s own provider.',
      isTuning: true,
    },
    protocols: {
      key: 'nginx.ingress.kubernetes.io/proxy-ssl-protocols',
      on: ['Ingress'],
      parse: protocols,
      whenInvalid: 'use-default',
      value: 'some of `TLSv1`, `TLSv1.1`, `TLSv1.2` and `TLSv1.3`',
      example: 'TLSv1.2 TLSv1.3',
      doc: 'The TLS versions for HTTPS backends: all from the oldest to the newest in the list. Needs Traefik 3.7.',
    },
    depth: {
      key: 'nginx.ingress.kubernetes.io/proxy-ssl-verify-depth',
      on: ['Ingress'],
      parse: integer(0, 100),
      whenInvalid: 'use-default',
      value: 'a count; default `1`',
      example: '2',
      doc: 'In nginx: how long the certificate chain of a backend may be.',
      differs: 'Traefik accepts a chain of any length that ends at one of the authorities.',
      isTuning: true,
    },
  },
  apply: ({ secret, verify, name, serverName: sni, protocols: range }, context): Directives => {
    const named = name ?? (typeof sni === 'object' ? sni.name : undefined);
    const found = secret && findSecret(secret, context);
    const transport: Partial<ServersTransport> = {
      ...(verify && { insecureSkipVerify: verify === 'off' }),
      ...(named !== undefined && { serverName: named }),
      ...(found?.authorities !== undefined && { rootCAs: [found.authorities] }),
      ...(found?.certificate && { certificates: [found.certificate] }),
      ...(range && { minVersion: range.oldest, maxVersion: range.newest }),
    };
    return {
      ...(Object.keys(transport).length > 0 && { transport }),
      ...(found?.certificate && { clientCertificate: found.name }),
    };
  },
});

interface FoundSecret {
  readonly name: string;
  readonly authorities?: string;
  readonly certificate?: ClientCertificate;
}

function findSecret(
  named: NonNullable<Parameters<typeof toOwnName>[0]>,
  context: FeatureContext,
): FoundSecret | undefined {
  const { lookUp, fault } = context;
  const name = toOwnName(named, 'Secret', 'secret', context);
  if (name === undefined) return undefined;
  const data = lookUp.secret(name)?.data ?? {};
  const authorities = toCertificateBlocks(data['ca.crt'] ?? '');
  const hasPair = (data['tls.crt'] ?? data['tls.key']) !== undefined;
  const certificate = hasPair ? lookUp.clientCertificate(name) : undefined;
  if (certificate !== undefined && 'why' in certificate) {
    fault('secret', `Secret ${name} ${certificate.why}`, certificate.hint);
    return undefined;
  }
  if (authorities === undefined && (certificate === undefined || data['ca.crt'] !== undefined)) {
    fault(
      'secret',
      lookUp.secret(name) === undefined
        ? `there is no Secret ${name}`
        : `Secret ${name} has no PEM certificate in ca.crt${certificate ? '' : ', and no client certificate in tls.crt'}`,
      'Put the authorities into ca.crt of a Secret of the same namespace, and the client certificate and its key into tls.crt and tls.key.',
    );
    return undefined;
  }
  return { name, ...(authorities !== undefined && { authorities }), ...(certificate && { certificate }) };
}
