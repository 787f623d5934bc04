import { coversHost } from '../certificates/host-names.ts';
import type { CertificatePair } from '../certificates/read-pair.ts';
import type { Aged, ObjectRef } from '../model/object-ref.ts';
import type { Meta, Secret } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import type { Translating } from './context.ts';
import { readSecretPair, unsent } from './secret-pair.ts';
import type { CertificateIntent, DefaultCertificate } from '../routes/intent.ts';

/** What stands in a Secret, and the Secret. */
type FoundPair = CertificatePair & { readonly secret: Secret };

/** A TLS Secret that an object names for its hosts. */
export interface CertificateRequest {
  readonly secretName: string;
  readonly field: string;
  /** The certificate has to be for one of them. */
  readonly hosts: readonly string[];
}

/**
 * The certificate of a Secret, one intent a fleet, or a problem.
 * All certificates share one store in Traefik, in which any of them can answer for any host: one that has nothing to do with
 * the hosts of its owner is therefore not passed on.
 */
export function toCertificates(
  context: Translating,
  owner: Meta,
  fleets: readonly string[],
  request: CertificateRequest,
  report: Report,
): readonly CertificateIntent[] {
  const { source, namespace } = owner.ref;
  const { secretName, field, hosts } = request;
  const named = { source, namespace, name: secretName };
  const pair = findPair(context, named, field, report);
  if (pair === undefined) return [];
  const { names } = pair;
  const refuse = (message: string, hint: string): readonly [] => {
    report('certificate-invalid', { field, message: `Secret ${secretName} ${message}`, hint });
    return [];
  };
  if (hosts.length === 0) {
    return refuse('is named without a host', 'Name the hosts of the certificate in tls[].hosts.');
  }
  if (!hosts.some((host) => coversHost(names, host))) {
    return refuse(
      `has no certificate for any of ${hosts.slice(0, 5).join(', ')}`,
      'Use a certificate that names these hosts, or correct the hosts.',
    );
  }
  if (!mayServe(context, secretName, field, report)) return [];
  return toCertificateIntents(owner, fleets, field, pair);
}

/** The certificate of a Secret, one intent a fleet. */
export function toCertificateIntents(
  owner: Aged,
  fleets: readonly string[],
  field: string,
  { secret, names, validity, certFile, keyFile }: FoundPair,
): readonly CertificateIntent[] {
  return fleets.map((fleet) => ({
    kind: 'certificate',
    owner,
    why: { field, uses: [] },
    fleet,
    secret: secret.meta.ref,
    names,
    validity,
    certFile,
    keyFile,
  }));
}

/** The certificate that the settings of a fleet name for the hosts that have none of their own, or a problem. */
export function toDefaultCertificate(
  context: Translating,
  fleet: string,
  named: Omit<ObjectRef, 'kind'>,
  report: Report,
): DefaultCertificate | undefined {
  const field = 'defaultCertificate';
  const pair = findPair(context, named, field, report);
  if (pair === undefined || !mayServe(context, named.name, field, report)) return undefined;
  const { secret, ...certificate } = pair;
  return {
    kind: 'default-certificate',
    owner: secret.meta,
    why: { field, uses: [] },
    fleet,
    ...certificate,
  };
}

/** The certificate and key of a Secret, or a problem. */
function findPair(
  context: Translating,
  { source, namespace, name }: Omit<ObjectRef, 'kind'>,
  field: string,
  report: Report,
): FoundPair | undefined {
  const secret = context.view.secret(source, namespace, name);
  if (secret === undefined) {
    const hint = `Create a Secret of type kubernetes.io/tls named ${name} in namespace ${namespace}.`;
    // What is not in a folder may be made elsewhere.
    const code = context.folders.has(source) ? 'secret-missing' : 'certificate-invalid';
    report(code, { field, message: `Secret ${name} does not exist`, hint });
    return undefined;
  }
  const pair = readSecretPair(context, secret);
  if (typeof pair !== 'string') return { ...pair, secret };
  const hint = 'Put the certificate chain into tls.crt and its key into tls.key, as PEM.';
  report('certificate-invalid', { field, message: `Secret ${name} ${pair}`, hint });
  return undefined;
}

/** Whether the key of a Secret may be sent; reports it when not. */
export function mayServe(
  { mayServeKeys }: Translating,
  name: string,
  field: string,
  report: Report,
): boolean {
  if (mayServeKeys) return true;
  report('certificate-withheld', {
    field,
    message: `Secret ${name} ${unsent.why}`,
    hint: unsent.hint,
  });
  return false;
}
