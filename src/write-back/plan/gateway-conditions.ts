import { isObject } from '../../lib/raw-object.ts';
import { cut } from '../../model/problem.ts';
import type { Condition } from '../../routes/status.ts';

/** A condition as it stands in a status. Without a time it has begun to hold, and gets one when it is written. */
export interface WrittenCondition extends Condition {
  readonly observedGeneration: number;
  readonly lastTransitionTime?: string;
}

/** The most that a list of conditions holds. */
const mostConditions = 8;
/** The API server takes 32,768 characters; nobody reads so many. */
const mostMessage = 1_024;

/**
 * The list of conditions that there should be, given the one that stands there. One whose status stays keeps its time. What other
 * programs have marked the object with stays as it is: their types have a domain in front, as policies have it.
 */
export function toConditions(
  wanted: readonly Condition[],
  present: unknown,
  generation: number,
): readonly unknown[] {
  const standing = new Map(
    toObjects(present).map((condition) => [String(condition['type']), condition] as const),
  );
  const own = wanted.slice(0, mostConditions).map((condition): WrittenCondition => {
    const { type, status, reason, message } = condition;
    const former = standing.get(type);
    const since = former?.['status'] === status ? former['lastTransitionTime'] : undefined;
    return {
      type,
      status,
      reason,
      message: cut(message, mostMessage),
      observedGeneration: generation,
      ...(typeof since === 'string' && { lastTransitionTime: since }),
    };
  });
  const byType = new Map<string, unknown>(own.map((condition) => [condition.type, condition]));
  // In the order in which they stand there: who else writes to the list has no reason to write it once more.
  const kept = [...standing].flatMap(([type, condition]) => {
    const next = byType.get(type) ?? (isForeign(type) ? condition : undefined);
    byType.delete(type);
    return next ?? [];
  });
  const added = [...byType.values()];
  return [...kept.slice(0, mostConditions - added.length), ...added];
}

/** Those of a list that are objects; none of what is no list. */
export function toObjects(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isForeign(type: string): boolean {
  return type.includes('/') && !type.startsWith('fairlead.dev/');
}
