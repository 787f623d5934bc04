import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { contextTag, Der, tags } from './der.ts';
import { writeDer, writeNatural } from './der-writer.ts';
import { toPem, type PemBlock } from './pem.ts';
import { keyOids, refuseKind, toCurve, type Curve, type PublicKey } from './public-key.ts';
import { refuse } from './refusal.ts';

const mismatch = 'has a key that does not belong to its certificate';
const broken = 'has a key that Traefik cannot read';
const encrypted = 'has a key that is encrypted; Traefik cannot ask for its password';

/**
 * The key of a certificate as PKCS #8 in PEM, always in the same form; refused when it is not that of the public key.
 * PKCS #8, PKCS #1 and SEC 1 are read, whatever the label says, as in Go. OpenSSL does not get to see what a tenant wrote: it
 * reads, at a cost, what Go refuses, such as a curve of one's own, and checks less of it.
 */
export function readPrivateKey({ label, isEncrypted, bytes }: PemBlock, owner: PublicKey): string {
  if (isEncrypted || label === 'ENCRYPTED PRIVATE KEY') return refuse(encrypted);
  const outer = new Der(bytes);
  if (!outer.isNext(tags.sequence)) refuse(broken);
  const key = outer.read(tags.sequence);
  if (key.isNext(tags.sequence)) refuse(encrypted);
  return toPem('PRIVATE KEY', rewrite(key, owner));
}

function rewrite(key: Der, owner: PublicKey): Buffer {
  const first = key.readNatural();
  if (key.isNext(tags.sequence)) return rewritePkcs8(key, owner);
  if (key.isNext(tags.octetString) && first === 1n) return rewriteEc(key, undefined, owner);
  return first <= 1n && key.isNext(tags.integer) ? rewriteRsa(key, owner) : refuse(broken);
}

function rewritePkcs8(key: Der, owner: PublicKey): Buffer {
  const algorithm = key.read(tags.sequence);
  const oid = algorithm.readOid();
  const inner = new Der(key.read(tags.octetString).toBytes());
  switch (oid) {
    case keyOids.rsa: {
      const numbers = inner.read(tags.sequence);
      return numbers.readNatural() <= 1n ? rewriteRsa(numbers, owner) : refuse(broken);
    }
    case keyOids.ec: {
      const curve = toCurve(algorithm);
      const sec1 = inner.read(tags.sequence);
      return sec1.readNatural() === 1n ? rewriteEc(sec1, curve, owner) : refuse(broken);
    }
    case keyOids.ed25519:
      return rewriteEd25519(inner.read(tags.octetString).toBytes(), owner);
    default:
      return refuseKind(oid);
  }
}

function toPkcs8(oid: string, parameters: Buffer, key: Buffer): Buffer {
  const algorithm = writeDer(tags.sequence, writeDer(tags.oid, Buffer.from(oid, 'hex')), parameters);
  return writeDer(tags.sequence, writeNatural(0n), algorithm, writeDer(tags.octetString, key));
}

/** The point of the certificate is compared with that of the secret number: the one that a key file may hold proves nothing. */
function rewriteEc(sec1: Der, named: Curve | undefined, owner: PublicKey): Buffer {
  const octets = sec1.read(tags.octetString).toBytes();
  const parameters = sec1.readOptional(contextTag(0, true));
  const curve = named ?? toCurve(parameters ?? refuse(broken));
  if (owner.kind !== 'ec' || owner.curve !== curve) return refuse(mismatch);
  const secret = toLength(octets, curve.size);
  if (!toPoint(secret, curve).equals(owner.point)) return refuse(mismatch);
  const point = writeDer(contextTag(1, true), writeDer(tags.bitString, Buffer.alloc(1), owner.point));
  const key = writeDer(tags.sequence, writeNatural(1n), writeDer(tags.octetString, secret), point);
  return toPkcs8(keyOids.ec, writeDer(tags.oid, Buffer.from(curve.oid, 'hex')), key);
}

/** Some programs write more or fewer zeros before the number than its curve has it. */
function toLength(octets: Buffer, size: number): Buffer {
  const excess = Math.max(0, octets.length - size);
  if (octets.subarray(0, excess).some((byte) => byte !== 0)) refuse(broken);
  return Buffer.concat([Buffer.alloc(Math.max(0, size - octets.length)), octets.subarray(excess)]);
}

function toPoint(secret: Buffer, { name }: Curve): Buffer {
  const pair = createECDH(name);
  try {
    pair.setPrivateKey(secret);
  } catch {
    return refuse(broken);
  }
  return pair.getPublicKey();
}

function rewriteEd25519(seed: Buffer, owner: PublicKey): Buffer {
  if (seed.length !== 32) return refuse(broken);
  const key = toPkcs8(keyOids.ed25519, Buffer.alloc(0), writeDer(tags.octetString, seed));
  const { x } = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return owner.kind === 'ed25519' && x === owner.point.toString('base64url') ? key : refuse(mismatch);
}

/** The numbers are held to what Go asks of them; OpenSSL would take them unseen. */
function rewriteRsa(numbers: Der, owner: PublicKey): Buffer {
  const read = (): bigint => numbers.readNatural();
  const [n, e, d, p, q] = [read(), read(), read(), read(), read()];
  const [dp, dq, qi] = [read(), read(), read()];
  if (!numbers.isEmpty) refuse('has an RSA key of more than two primes');
  if (owner.kind !== 'rsa' || n !== owner.modulus || e !== owner.exponent) return refuse(mismatch);
  const isSound =
    [p, q].every((prime) => prime > 2n && prime < n) &&
    d > 0n &&
    d < n &&
    p * q === n &&
    isInverse(e, dp, p - 1n) &&
    isInverse(e, dq, q - 1n) &&
    isInverse(q, qi, p);
  if (!isSound) refuse('has an RSA key whose numbers do not fit together');
  const key = writeDer(tags.sequence, ...[0n, n, e, d, p, q, dp, dq, qi].map(writeNatural));
  return toPkcs8(keyOids.rsa, writeDer(tags.null), key);
}

function isInverse(number: bigint, inverse: bigint, modulus: bigint): boolean {
  return inverse < modulus && (number * inverse) % modulus === 1n;
}
