import { X509Certificate } from 'node:crypto';
import { readCertificate, type Certificate } from './certificate.ts';
import { readPem, toPem, type PemBlock } from './pem.ts';
import { readPrivateKey } from './private-key.ts';
import { Refusal, refuse } from './refusal.ts';

/** A certificate with its key, as they are sent. */
export interface CertificatePair extends Pick<Certificate, 'names' | 'validity'> {
  /** The certificate and what else stands in its chain. */
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Reads a certificate and its key as Go's crypto/tls and Traefik would, or says why they cannot use them: a sentence to follow
 * the name of the Secret. The texts that are sent are written again from what was read, so that nothing is left in them that
 * Traefik could read otherwise: it takes a text that is no PEM for a path on its own disk.
 */
export function readPair(certificates: string, keys: string): CertificatePair | string {
  try {
    return read(certificates, keys);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function read(certificates: string, keys: string): CertificatePair {
  if (certificates === '' || keys === '') return refuse('lacks tls.crt or tls.key');
  const chain = readPem(certificates, 'tls.crt').filter(({ label }) => label === 'CERTIFICATE');
  const key = readPem(keys, 'tls.key').find(({ label }) => /^(.* )?PRIVATE KEY$/.test(label));
  const [leaf] = chain;
  if (leaf === undefined) return refuse('has no PEM certificate in tls.crt');
  if (key === undefined) return refuse('has no PEM key in tls.key');
  const { publicKey, names, validity } = readCertificate(leaf.bytes);
  return {
    names,
    validity,
    certFile: chain.map((block, index) => toPem(block.label, toChainMember(block, index))).join(''),
    keyFile: readPrivateKey(key, publicKey),
  };
}

/** Clients read the rest of the chain, Traefik only passes it on: here it is enough that it is made of certificates. */
function toChainMember({ bytes }: PemBlock, index: number): Buffer {
  if (index === 0) return bytes;
  try {
    return new X509Certificate(bytes).raw;
  } catch {
    return refuse(`has a chain in tls.crt whose certificate ${index + 1} cannot be read`);
  }
}
