import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Meta } from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import type { Translating } from './context.ts';
import type { CertificateIntent } from './intent.ts';

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
  const secret = context.view.secret(source, namespace, secretName);
  const refuse = (message: string, hint: string): readonly [] => {
    report('certificate-invalid', { field, message: `Secret ${secretName} ${message}`, hint });
    return [];
  };
  if (secret === undefined) {
    return refuse(
      'does not exist',
      `Create a Secret of type kubernetes.io/tls named ${secretName} in namespace ${namespace}.`,
    );
  }
  const pair = readPair(secret.data['tls.crt'] ?? '', secret.data['tls.key'] ?? '');
  if (typeof pair === 'string')
    return refuse(pair, 'Put the certificate chain into tls.crt and its key into tls.key, as PEM.');
  const { certificate, certFile, keyFile } = pair;
  if (hosts.length === 0) {
    return refuse('is asked for without a host', 'Name the hosts of the certificate in tls[].hosts.');
  }
  if (!hosts.some((host) => covers(certificate, host))) {
    return refuse(
      `has no certificate for any of ${hosts.slice(0, 5).join(', ')}`,
      'Use a certificate that names these hosts, or correct the hosts.',
    );
  }
  if (!context.mayServeKeys) {
    report('certificate-withheld', {
      field,
      message: `Secret ${secretName} is not sent: the provider listener is neither authenticated nor on loopback`,
      hint: 'Set provider.tokens or provider.tls.clientCA.',
    });
    return [];
  }
  const names = toNames(certificate);
  return fleets.map((fleet) => ({
    kind: 'certificate',
    owner,
    field,
    fleet,
    secret: secret.meta.ref,
    names,
    certFile,
    keyFile,
  }));
}

interface Pair {
  readonly certificate: X509Certificate;
  readonly certFile: string;
  readonly keyFile: string;
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
