import { contextTag, Der, tags } from './der.ts';
import { readCommonName } from './distinguished-name.ts';
import { readExtensions, type AlternativeNames } from './extensions.ts';
import { toCertificateNames } from './host-names.ts';
import { readPublicKey, type PublicKey } from './public-key.ts';
import { refuse } from './refusal.ts';
import { readValidity, type Validity } from './validity.ts';

/** What is known of a certificate. */
export interface Certificate {
  readonly validity: Validity;
  /** See `toCertificateNames`. */
  readonly names: readonly string[];
  readonly publicKey: PublicKey;
}

/** Reads a certificate in DER as Go's crypto/x509 does, field by field; what Go refuses is refused. */
export function readCertificate(bytes: Buffer): Certificate {
  const outer = new Der(bytes);
  const whole = outer.read(tags.sequence);
  if (!outer.isEmpty) refuse('has a certificate with data after its end');
  const body = whole.read(tags.sequence);
  const version = readVersion(body);
  if ((body.readInteger()[0] ?? 0) & 0x80) refuse('has a certificate with a negative serial number');
  const inner = body.read(tags.sequence).toBytes();
  const signature = whole.read(tags.sequence);
  if (!inner.equals(signature.toBytes())) refuse('has a certificate with two signature algorithms');
  signature.readOid();
  if (!signature.isEmpty) signature.readAny();
  whole.readBits();
  readCommonName(body.read(tags.sequence));
  const validity = readValidity(body.read(tags.sequence));
  const commonName = readCommonName(body.read(tags.sequence));
  const publicKey = readPublicKey(body.read(tags.sequence));
  const names = toCertificateNames(commonName, readAlternativeNames(body, version));
  return { names, publicKey, validity };
}

/** 0 for the first version: 2 is the third, which all have that have alternative names. */
function readVersion(body: Der): bigint {
  const field = body.readOptional(contextTag(0, true));
  if (field === undefined) return 0n;
  const version = field.readNatural();
  return version <= 2n && field.isEmpty ? version : refuse('has a certificate of an unknown version');
}

function readAlternativeNames(body: Der, version: bigint): AlternativeNames {
  const none = { dns: [], addresses: [] };
  if (version === 0n) return none;
  // The unique identifiers of issuer and subject.
  body.readOptional(contextTag(1));
  body.readOptional(contextTag(2));
  if (version === 1n) return none;
  const extensions = body.readOptional(contextTag(3, true));
  return extensions === undefined ? none : readExtensions(extensions.read(tags.sequence));
}
