import type { CertificateIntent, HttpRoute, Intent } from '../routes/intent.ts';
import { endsOnPort } from './host-owners.ts';

/** A copy of a certificate that stands is as good as served. */
export function isSameCertificate(intent: Intent, winner: Intent | undefined): boolean {
  return (
    intent.kind === 'certificate' && winner?.kind === 'certificate' && winner.certFile === intent.certFile
  );
}

/** All that give way redirect a host to the same. */
export function isSameRedirect(intent: Intent, winner: Intent | undefined): boolean {
  return [intent, winner].every((each) => each?.kind === 'http' && each.yields === true);
}

/** One of those that say that there is nothing, where another one does, or where something else has taken its place. */
export function isNothing(intent: Intent, winner: Intent | undefined): boolean {
  if (intent.kind !== 'http') return false;
  return (
    intent.isRest === true || [intent, winner].every((each) => each?.kind === 'http' && isNotFound(each))
  );
}

function isNotFound({ fallback, backend }: HttpRoute): boolean {
  return fallback && backend.kind === 'status' && backend.status === 404;
}

/** Whether a certificate is shown on pool ports: in their banks no copy of it need be there that stands elsewhere. */
export function isShownOnPorts(intent: Intent, unit: readonly Intent[]): intent is CertificateIntent {
  return intent.kind === 'certificate' && (unit.some(endsOnPort) || (intent.ports?.length ?? 0) > 0);
}
