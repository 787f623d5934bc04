import { createHash } from 'node:crypto';

/** The revision of a document: the beginning of the SHA-256 of its bytes, 32 digits. */
export function hashBody(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32);
}
