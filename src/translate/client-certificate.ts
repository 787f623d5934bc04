import type { DatedCertificate } from '../certificates/expiry.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { annotationField } from '../model/problem.ts';
import type { Translating } from './context.ts';
import { findUsablePair } from './secret-pair.ts';

/** How long the certificate holds that Traefik shows to the backends of an object; none without one. */
export function toDatedClientCertificate(
  context: Translating,
  subject: ObjectRef,
  secretName: string | undefined,
): readonly DatedCertificate[] {
  if (secretName === undefined) return [];
  const secret = context.view.secret(subject.source, subject.namespace, secretName);
  const pair = findUsablePair(context, secret);
  if (pair === undefined) return [];
  return [
    { subject, field: annotationField('fairlead.dev/client-cert'), secretName, validity: pair.validity },
  ];
}
