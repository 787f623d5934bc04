import { readCertificate } from './certificate.ts';
import { readPem, toPem } from './pem.ts';
import { Refusal, refuse } from './refusal.ts';

/** Authorities from which certificates have to come, in PEM. */
export interface Authorities {
  readonly certificates: string;
}

/**
 * Reads the certificates of authorities as Go would, or says why they cannot be used: a sentence to follow the name of what they stand in.
 * The text is written again from what was read: Traefik takes a text that is no PEM for a path on its own disk.
 * @param what Names the text in that sentence, such as `ca.crt`.
 */
export function readAuthorities(text: string, what: string): Authorities | string {
  try {
    const blocks = readPem(text, what).filter(({ label }) => label === 'CERTIFICATE');
    if (blocks.length === 0) return refuse(`has no PEM certificate in ${what}`);
    for (const { bytes } of blocks) readCertificate(bytes);
    return { certificates: blocks.map(({ label, bytes }) => toPem(label, bytes)).join('') };
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
