import type { Listener } from '../../model/gateway-specs.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import type { NamedSecrets } from './named-secret.ts';
import type { NamedSecret, Refusal } from './resolved.ts';

/** What comes of what a listener names. */
export interface FoundCertificates {
  readonly certificates: readonly NamedSecret[];
  readonly refusals: readonly Refusal[];
  /** Whether it has nothing to show to clients. */
  readonly isUnusable: boolean;
}

const none: FoundCertificates = { certificates: [], refusals: [], isUnusable: false };

/** Whether Traefik ends the TLS of a listener. */
export function endsTls({ protocol, tls }: Listener): boolean {
  return protocol === 'HTTPS' || (protocol === 'TLS' && tls?.mode !== 'Passthrough');
}

/** The certificates of a listener that ends TLS. What is shown where it names none is that of its fleets, if they have one. */
export function findCertificates(
  secrets: NamedSecrets,
  listener: Listener,
  fleets: readonly FleetSettings[],
): FoundCertificates {
  if (!endsTls(listener)) return none;
  const refs = listener.tls?.certificateRefs ?? [];
  if (refs.length === 0)
    return fleets.every(({ defaultCertificate }) => defaultCertificate !== undefined)
      ? none
      : { certificates: [], refusals: [refuseNone(listener.field)], isUnusable: true };
  const found = refs.map((ref) => secrets.find(ref, 'InvalidCertificateRef'));
  const certificates = found.flatMap((each) => ('reason' in each ? [] : each));
  return {
    certificates,
    refusals: found.flatMap((each) => ('reason' in each ? each : [])),
    isUnusable: certificates.length === 0,
  };
}

function refuseNone(field: string): Refusal {
  return {
    reason: 'InvalidCertificateRef',
    field: `${field}.tls.certificateRefs`,
    message: 'the listener ends TLS and names no certificate, and its fleet has none of its own',
    hint: 'Name a Secret in tls.certificateRefs, or give the fleet a defaultCertificate.',
  };
}
