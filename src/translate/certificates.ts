import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ObjectRef } from '../model/object-ref.ts';
import type { Meta } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import type { Translating } from './context.ts';
import type { CertificateIntent, DefaultCertificate } from '../routes/intent.ts';

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
  const { certificate, secret, certFile, keyFile } = pair;
  const refuse = (message: string, hint: string): readonly [] => {
    report('certificate-invalid', { field, message: `Secret ${secretName} ${message}`, hint });
    return [];
  };
  if (hosts.length === 0) {
    return refuse('is asked for without a host', 'Name the hosts of the certificate in tls[].hosts.');
  }
  if (!hosts.some((host) => covers(certificate, host))) {
    return refuse(
      `has no certificate for any of ${hosts.slice(0, 5).join(', ')}`,
      'Use a certificate that names these hosts, or correct the hosts.',
    );
  }
  if (!mayServe(context, secretName, field, report)) return [];
  const names = toNames(certificate);
  return fleets.map((fleet) => ({
    kind: 'certificate',
    owner,
    why: { field, uses: [] },
    fleet,
    secret: secret.ref,
    names,
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
  const { secret, certFile, keyFile } = pair;
  return {
    kind: 'default-certificate',
    owner: secret,
    why: { field, uses: [] },
    fleet,
    certFile,
    keyFile,
  };
}

interface Pair {
  readonly certificate: X509Certificate;
  readonly certFile: string;
  readonly keyFile: string;
}

/** The certificate and key of a Secret, or a problem. */
function findPair(
  { view }: Translating,
  { source, namespace, name }: Omit<ObjectRef, 'kind'>,
  field: string,
  report: Report,
): (Pair & { readonly secret: Meta }) | undefined {
  const secret = view.secret(source, namespace, name);
  if (secret === undefined) {
    const hint = `Create a Secret of type kubernetes.io/tls named ${name} in namespace ${namespace}.`;
    report('certificate-invalid', { field, message: `Secret ${name} does not exist`, hint });
    return undefined;
  }
  const pair = readPair(secret.data['tls.crt'] ?? '', secret.data['tls.key'] ?? '');
  if (typeof pair !== 'string') return { ...pair, secret: secret.meta };
  const hint = 'Put the certificate chain into tls.crt and its key into tls.key, as PEM.';
  report('certificate-invalid', { field, message: `Secret ${name} ${pair}`, hint });
  return undefined;
}

function mayServe({ mayServeKeys }: Translating, name: string, field: string, report: Report): boolean {
  if (mayServeKeys) return true;
  report('certificate-withheld', {
    field,
    message: `Secret ${name} is not sent: the provider listener is neither authenticated nor on loopback`,
    hint: 'Set provider.tokens or provider.tls.clientCA.',
  });
  return false;
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const keyBlock = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END \1PRIVATE KEY-----/;

/**
 * A certificate and its key, or why they cannot be used. Only the blocks go on, without what stands around them: Traefik
 * takes a text that is no PEM as a path on its own disk.
 */
function readPair(certificates: string, keys: string): Pair | string {
  if (certificates === '' || keys === '') return 'lacks tls.crt or tls.key';
  const chain = certificates.match(certificateBlock) ?? [];
  const [key] = keyBlock.exec(keys) ?? [];
  if (chain.length === 0) return 'has no PEM certificate in tls.crt';
  if (key === undefined) return 'has no PEM key in tls.key';
  try {
    const certificate = new X509Certificate(chain[0] ?? '');
    return certificate.checkPrivateKey(createPrivateKey(key))
      ? { certificate, certFile: `${chain.join('\n')}\n`, keyFile: `${key}\n` }
      : 'has a key that does not belong to its certificate';
  } catch (error) {
    return `cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

function covers(certificate: X509Certificate, host: string): boolean {
  // A wildcard host is covered by the wildcard name itself, which `checkHost` does not take for a host.
  return host.startsWith('*.')
    ? toNames(certificate).includes(host)
    : certificate.checkHost(host) !== undefined;
}

function toNames(certificate: X509Certificate): readonly string[] {
  const alternative =
    certificate.subjectAltName
      ?.split(', ')
      .map((each) => each.replace(/^(DNS|IP Address):/, '').toLowerCase()) ?? [];
  const common = /^CN=(.+)$/m.exec(certificate.subject)?.[1]?.toLowerCase();
  return [...new Set(common === undefined ? alternative : [...alternative, common])].sort();
}
