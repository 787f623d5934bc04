import { toObjectKey } from '../../model/object-ref.ts';
import type { ListenerSet } from '../../model/objects.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { toEmptyTranslation, type Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { toListenerSetFacts } from './parent-status.ts';
import { translateParent } from './parent.ts';

/** A ListenerSet like a Gateway. One whose Gateway is not ours, or is not there, comes to nothing. */
export function translateListenerSet(context: Translating, object: ListenerSet): Translation {
  const { ref } = object.meta;
  const parent = context.parent(ref);
  if (parent === undefined) return toEmptyTranslation(toObjectKey(ref));
  const problems = new ProblemList(ref);
  const parts = translateParent(context, object, parent, problems);
  return { ...parts, problems: problems.toArray(), status: toListenerSetFacts(parent) };
}
