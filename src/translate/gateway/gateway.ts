import { toObjectKey } from '../../model/object-ref.ts';
import type { DatedCertificate } from '../../certificates/expiry.ts';
import type { Gateway } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { toEmptyTranslation, type Translation } from '../../routes/intent.ts';
import { mayServe } from '../certificates.ts';
import type { Translating } from '../context.ts';
import { findUsablePair } from '../secret-pair.ts';
import type { ResolvedParent } from './resolved.ts';
import { isAccepted, toGatewayFacts } from './parent-status.ts';
import { translateParent } from './parent.ts';

/** A Gateway as certificates, what its listeners answer by themselves, and what its status is to say. One that is not ours comes to nothing. */
export function translateGateway(context: Translating, object: Gateway): Translation {
  const { ref } = object.meta;
  const parent = context.parent(ref);
  if (parent === undefined) return toEmptyTranslation(toObjectKey(ref));
  const problems = new ProblemList(ref);
  const sets = context.view.listenerSetsOf(ref).map((set) => context.parent(set.meta.ref));
  const accepted = sets.filter((set) => set !== undefined && isAccepted(set)).length;
  const parts = translateParent(context, object, parent, problems);
  return {
    ...parts,
    clientCertificates: toDated(context, parent, problems.report),
    problems: problems.toArray(),
    status: toGatewayFacts(parent, accepted),
  };
}

/** How long the certificate holds that Traefik shows to backends. */
function toDated(
  context: Translating,
  { holder: { ref }, clientCertificate }: ResolvedParent,
  report: Report,
): readonly DatedCertificate[] {
  if (clientCertificate === undefined) return [];
  const { namespace, name, field } = clientCertificate;
  const secret = context.view.secret(ref.source, namespace, name);
  const pair = findUsablePair(context, secret);
  if (pair === undefined || !mayServe(context, name, field, report)) return [];
  return [{ subject: ref, field, secretName: name, validity: pair.validity }];
}
