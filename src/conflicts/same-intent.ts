import type { Intent } from '../routes/intent.ts';

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
