import { readPair, type CertificatePair } from '../certificates/read-pair.ts';
import { readAuthorities, type Authorities } from '../certificates/read-authorities.ts';
import type { ClientCertificate, Refused } from '../annotations/feature.ts';
import type { ConfigMap, Secret } from '../model/objects.ts';

/** Why no private key is sent at all; it follows the name of the Secret. */
export const unsent: Refused = {
  why: 'is not sent: the provider listener is neither authenticated nor on loopback',
  hint: 'Set provider.tokens or provider.tls.clientCA.',
};

/** What is looked at of the context of a translation. */
interface PairContext {
  readonly certificatePairs: WeakMap<Secret, CertificatePair | string>;
  readonly mayServeKeys: boolean;
}

/** The certificate and key of a Secret, or what is wrong with them. Kept with the Secret, which never changes: many objects may name one. */
export function readSecretPair(
  { certificatePairs }: Pick<PairContext, 'certificatePairs'>,
  secret: Secret,
): CertificatePair | string {
  const known = certificatePairs.get(secret);
  if (known !== undefined) return known;
  const pair = readPair(secret.data['tls.crt'] ?? '', secret.data['tls.key'] ?? '');
  certificatePairs.set(secret, pair);
  return pair;
}

/** The certificate and key of a Secret as far as they can be used; undefined when they cannot, or when there is no such Secret. */
export function findUsablePair(
  context: Pick<PairContext, 'certificatePairs'>,
  secret: Secret | undefined,
): CertificatePair | undefined {
  const pair = secret && readSecretPair(context, secret);
  return typeof pair === 'string' ? undefined : pair;
}

/** What Traefik shows to a backend, by the Secret that an annotation names. */
export function toClientCertificate(
  context: PairContext,
  secret: Secret | undefined,
): ClientCertificate | Refused {
  if (secret === undefined)
    return {
      why: 'does not exist',
      hint: 'Create a Secret of type kubernetes.io/tls in the same namespace.',
    };
  const pair = readSecretPair(context, secret);
  if (typeof pair === 'string') {
    return { why: pair, hint: 'Put the certificate chain into tls.crt and its key into tls.key, as PEM.' };
  }
  const { certFile, keyFile } = pair;
  return context.mayServeKeys ? { certFile, keyFile } : unsent;
}

/** The authorities in `ca.crt` of an object, or what is wrong with them. Kept with the object, which never changes. */
export function readObjectAuthorities(
  { authorities }: { readonly authorities: WeakMap<ConfigMap | Secret, Authorities | string> },
  object: ConfigMap | Secret,
): Authorities | string {
  const known = authorities.get(object);
  if (known !== undefined) return known;
  const read = readAuthorities(object.data['ca.crt'] ?? '', 'ca.crt');
  authorities.set(object, read);
  return read;
}

/** The authorities of a Secret that an annotation names. */
export function toAuthorities(secret: Secret | undefined): Authorities | Refused {
  const hint =
    'Put the certificates of the authorities into ca.crt of a Secret of the same namespace, as PEM.';
  if (secret === undefined) return { why: 'does not exist', hint };
  const read = readAuthorities(secret.data['ca.crt'] ?? '', 'ca.crt');
  return typeof read === 'string' ? { why: read, hint } : read;
}
