import { toObjectKey } from '../../model/object-ref.ts';
import type { Gateway, ListenerSet } from '../../model/objects.ts';
import type { ProblemList } from '../../model/problem-list.ts';
import { toEmptyTranslation, type Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { toIsolation } from './isolation-routes.ts';
import { toListenerClaims } from './listener-claims.ts';
import { toParentCertificates } from './parent-certificates.ts';
import { reportParent } from './parent-problems.ts';
import type { ResolvedParent } from './resolved.ts';

/** What a Gateway and a ListenerSet come to alike. What is wrong with it goes to `problems`. */
export function translateParent(
  context: Translating,
  object: Gateway | ListenerSet,
  parent: ResolvedParent,
  problems: ProblemList,
): Translation {
  reportParent(parent, problems.report);
  const { claims, asked, uses } = toListenerClaims(context, object, parent, problems);
  return {
    ...toEmptyTranslation(toObjectKey(object.meta.ref)),
    portClaims: claims,
    asked,
    uses,
    fleets: parent.refusal === undefined ? parent.fleets : [],
    intents: [...toIsolation(parent), ...toParentCertificates(context, parent, problems.report)],
  };
}
