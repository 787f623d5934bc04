import { z } from 'zod';
import { cipherSuite, tlsVersion } from './tls.ts';
import {
  type Fixed,
  certificatePair,
  certificatePem,
  duration,
  flagOr,
  item,
  listOf,
  some,
} from './values.ts';

const forwardingTimeouts = some({
  dialTimeout: duration.optional(),
  responseHeaderTimeout: duration.optional(),
  idleConnTimeout: duration.optional(),
  readIdleTimeout: duration.optional(),
  pingTimeout: duration.optional(),
  /** Not in Traefik's documentation, but read by its HTTP provider. */
  readTimeout: duration.optional(),
  /** Not in Traefik's documentation, but read by its HTTP provider. */
  writeTimeout: duration.optional(),
});

const peerCertSan = z.strictObject({ type: z.enum(['DNSName', 'IPAddress', 'URI']), value: item });
const spiffe = flagOr(some({ ids: listOf(item).optional(), trustDomain: item.optional() }));
const serverName = z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/, 'is no server name');

const clientTls = {
  serverName: serverName.optional(),
  insecureSkipVerify: z.boolean().optional(),
  rootCAs: listOf(certificatePem).optional(),
  certificates: listOf(certificatePair).optional(),
  spiffe: spiffe.optional(),
};

export const serversTransport = some({
  ...clientTls,
  cipherSuites: listOf(cipherSuite).optional(),
  minVersion: tlsVersion.optional(),
  maxVersion: tlsVersion.optional(),
  maxIdleConnsPerHost: z.int().min(-1).optional(),
  forwardingTimeouts: forwardingTimeouts.optional(),
  disableHTTP2: z.boolean().optional(),
  peerCertSANs: listOf(peerCertSan).optional(),
}).refine(
  (transport) => (transport.minVersion === undefined) === (transport.maxVersion === undefined),
  'has only one of minVersion and maxVersion, for which Traefik drops all its TLS settings',
);

export const proxyProtocol = z.strictObject({ version: z.union([z.literal(1), z.literal(2)]) });

export const tcpServersTransport = some({
  dialTimeout: duration.optional(),
  dialKeepAlive: duration.optional(),
  terminationDelay: duration.optional(),
  proxyProtocol: proxyProtocol.optional(),
  tls: flagOr(some(clientTls)).optional(),
});

/** TLS towards a server: what is trusted, and what is shown. */
export type ClientTls = Fixed<z.infer<z.ZodObject<typeof clientTls>>>;
export type ServersTransport = Fixed<z.infer<typeof serversTransport>>;
export type TcpServersTransport = Fixed<z.infer<typeof tcpServersTransport>>;
