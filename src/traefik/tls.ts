import { z } from 'zod';
import { type Fixed, certificatePem, item, keyPem, listOf, some, word } from './values.ts';

export const tlsVersion = z.enum(['VersionTLS10', 'VersionTLS11', 'VersionTLS12', 'VersionTLS13']);
export const cipherSuite = z.string().regex(/^TLS_[A-Z0-9_]{5,60}$/, 'is no cipher suite');

/** An entry of the list `tls.certificates`: both in PEM. */
export const tlsCertificate = z.strictObject({
  certFile: certificatePem,
  keyFile: keyPem,
  stores: listOf(word).optional(),
});

/** Traefik knows one store only, `default`. */
export const tlsStore = z.strictObject({
  defaultCertificate: z.strictObject({ certFile: certificatePem, keyFile: keyPem }),
});

const clientAuth = z.strictObject({
  caFiles: listOf(certificatePem).optional(),
  clientAuthType: z.enum([
    'NoClientCert',
    'RequestClientCert',
    'RequireAnyClientCert',
    'VerifyClientCertIfGiven',
    'RequireAndVerifyClientCert',
  ]),
});

export const tlsOptions = some({
  minVersion: tlsVersion.optional(),
  maxVersion: tlsVersion.optional(),
  cipherSuites: listOf(cipherSuite).optional(),
  curvePreferences: listOf(item).optional(),
  clientAuth: clientAuth.optional(),
  sniStrict: z.boolean().optional(),
  alpnProtocols: listOf(item).optional(),
  disableSessionTickets: z.boolean().optional(),
});

export type TlsCertificate = Fixed<z.infer<typeof tlsCertificate>>;
export type TlsOptions = Fixed<z.infer<typeof tlsOptions>>;
export type TlsStore = Fixed<z.infer<typeof tlsStore>>;
