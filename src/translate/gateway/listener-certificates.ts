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

/** The certificates of a listener that ends TLS. One that says nothing of TLS has that of its fleets, if these have one. */
export function findCertificates(
  secrets: NamedSecrets,
  listener: Listener,
  fleets: readonly FleetSettings[],
): FoundCertificates {
  if (!endsTls(listener)) return none;
  const { tls } = listener;
  if (tls === undefined && fleets.every(({ defaultCertificate }) => defaultCertificate !== undefined))
    return none;
  const refs = tls?.certificateRefs ?? [];
  if (refs.length === 0)
    return { certificates: [], refusals: [refuseNone(listener.field)], isUnusable: true };
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
    message: 'the listener ends TLS and names no certificate',
    hint: 'Name a Secret in tls.certificateRefs; of a fleet with a defaultCertificate, tls may be left out.',
  };
}
