import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';

/** A self-signed certificate and its key, as PEM texts. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** What a server speaks TLS with; it may ask its clients for a certificate. */
export type ServerTls = CertificatePair & Pick<TlsOptions, 'ca' | 'rejectUnauthorized' | 'requestCert'>;

/**
 * Valid from 2025 to 2125, made by `openssl ca -selfsign -startdate 20250101000000Z -enddate
 * 21250101000000Z` on P-256 keys, each with its names as subjectAltName. The keys protect nothing.
 */
export const certificates = {
  /** *.test.com and test.com */
  wildcardTestCom: readPair('wildcard-test-com'),
  /** bbs.test.com */
  bbsTestCom: readPair('bbs-test-com'),
  /** edge-client, for a client: the only one that a server takes from a client. */
  edgeClient: readPair('edge-client'),
  /** unrelated.example.org */
  unrelated: readPair('unrelated'),
};

function readPair(name: string): CertificatePair {
  const read = (ending: string): string =>
    readFileSync(new URL(`../fixtures/${name}.${ending}`, import.meta.url), 'utf8');
  return { cert: read('crt'), key: read('key') };
}
