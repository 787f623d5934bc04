import { Der, tags } from './der.ts';
import { refuse } from './refusal.ts';

/** The curves on which Go's TLS signs, with the names that node has for them. */
const curves = [
  { oid: '2a8648ce3d030107', name: 'prime256v1', size: 32 },
  { oid: '2b81040022', name: 'secp384r1', size: 48 },
  { oid: '2b81040023', name: 'secp521r1', size: 66 },
] as const;

export type Curve = (typeof curves)[number];

/** A public key that Go's TLS can use. */
export type PublicKey =
  | { readonly kind: 'rsa'; readonly modulus: bigint; readonly exponent: bigint }
  | { readonly kind: 'ec'; readonly curve: Curve; readonly point: Buffer }
  | { readonly kind: 'ed25519'; readonly point: Buffer };

export const keyOids = { rsa: '2a864886f70d010101', ec: '2a8648ce3d0201', ed25519: '2b6570' } as const;

/** What others there are, for the message. */
const otherKinds: Readonly<Record<string, string>> = {
  '2a864886f70d01010a': 'an RSA-PSS key; only the signatures may be PSS, the key has to be RSA',
  '2a8648ce380401': 'a DSA key',
  '2b6571': 'an Ed448 key',
  '2b656e': 'an X25519 key, which cannot sign',
  '2b656f': 'an X448 key, which cannot sign',
};

/** The key of a certificate: its field `subjectPublicKeyInfo`. */
export function readPublicKey(info: Der): PublicKey {
  const algorithm = info.read(tags.sequence);
  const { bytes, unused } = info.readBits();
  if (unused !== 0) refuse('has a public key that Traefik cannot read');
  const oid = algorithm.readOid();
  const parameters = algorithm.toBytes();
  switch (oid) {
    case keyOids.rsa:
      if (parameters.toString('hex') !== '0500') refuse('has an RSA key with parameters');
      return readRsa(bytes);
    case keyOids.ec: {
      const curve = toCurve(algorithm);
      if (bytes[0] !== 4 || bytes.length !== 1 + 2 * curve.size) {
        refuse('has a public key whose point is compressed or no point');
      }
      return { kind: 'ec', curve, point: bytes };
    }
    case keyOids.ed25519:
      if (parameters.length > 0 || bytes.length !== 32) refuse('has an Ed25519 key that is none');
      return { kind: 'ed25519', point: bytes };
    default:
      return refuseKind(oid);
  }
}

/** The end for a key of another kind. */
export function refuseKind(oid: string): never {
  return refuse(`has ${otherKinds[oid] ?? 'a key of an unknown kind'}; Traefik takes RSA, ECDSA and Ed25519`);
}

/** The curve that the parameters of an EC key name. */
export function toCurve(parameters: Der): Curve {
  if (!parameters.isNext(tags.oid)) {
    return refuse('has an EC key with explicit parameters; Traefik takes the name of a curve');
  }
  const oid = parameters.readOid();
  return (
    curves.find((curve) => curve.oid === oid) ??
    refuse('has an EC key on a curve other than P-256, P-384 and P-521')
  );
}

/** Go signs with no shorter key, and its clients refuse a longer one, for what its signatures cost. */
const [minBits, maxBits] = [1024, 8192];

function readRsa(bytes: Buffer): PublicKey {
  const key = new Der(bytes).read(tags.sequence);
  const modulusBytes = key.readInteger();
  if (modulusBytes.length > maxBits / 8 + 1) refuse(`has an RSA key of more than ${maxBits} bits`);
  const modulus = toPositive(modulusBytes);
  const bits = modulus.toString(2).length;
  if (bits < minBits) refuse(`has an RSA key of ${bits} bits; Traefik takes ${minBits} and more`);
  if (bits > maxBits) refuse(`has an RSA key of more than ${maxBits} bits`);
  const exponentBytes = key.readInteger();
  const exponent = exponentBytes.length > 4 ? 0n : toPositive(exponentBytes);
  if (exponent < 3n || exponent % 2n === 0n || modulus % 2n === 0n) refuse('has an RSA key that is none');
  return { kind: 'rsa', modulus, exponent };
}

function toPositive(bytes: Buffer): bigint {
  return (bytes[0] ?? 0) & 0x80
    ? refuse('has an RSA key with a negative number')
    : BigInt(`0x${bytes.toString('hex')}`);
}
