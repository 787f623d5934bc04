import { createHash } from 'node:crypto';

/** The revision of a document: the beginning of the SHA-256 of its bytes, 32 digits. @param pieces The document, in order. */
export function hashBody(pieces: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex').slice(0, 32);
}
