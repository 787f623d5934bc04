import { createHash, timingSafeEqual } from 'node:crypto';

/** What belongs to a token. The time it takes gives nothing away about the tokens. */
export type TokenLookup<T> = (token: string) => T | undefined;

/** Of two equal tokens the first counts. */
export function createTokenLookup<T>(
  entries: readonly (readonly [token: string, value: T])[],
): TokenLookup<T> {
  const expected = entries.map(([token, value]) => ({ digest: toDigest(token), value }));
  return (token) => {
    // Digests have one length, which `timingSafeEqual` demands, and hide that of the token.
    const given = toDigest(token);
    let found: T | undefined;
    for (const { digest, value } of expected) if (timingSafeEqual(digest, given)) found ??= value;
    return found;
  };
}

/** The token of an `Authorization: Bearer` header; empty when there is none. */
export function toBearerToken(authorization: string | undefined): string {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
}

/** Checks an `Authorization` header, as a `TokenLookup` does. */
export type BearerCheck = (authorization: string | undefined) => boolean;

export function createBearerCheck(tokens: readonly string[]): BearerCheck {
  const find = createTokenLookup(tokens.map((token) => [token, true]));
  return (authorization) => find(toBearerToken(authorization)) ?? false;
}

function toDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
