import { isObject, type RawObject } from '../lib/raw-object.ts';

/**
 * A status in which every condition has a `lastTransitionTime`: where none is given it is `now`, in whole seconds, as Kubernetes has it.
 * Conditions stand in lists of that name, in the status itself and in the items of its other lists.
 */
export function stampTransitions(status: RawObject, now: Date): RawObject {
  return stampFields(status, `${now.toISOString().slice(0, 19)}Z`);
}

function stampFields(fields: RawObject, time: string): RawObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((item: unknown) => stampItem(name, item, time)) : value,
    ]),
  );
}

function stampItem(list: string, item: unknown, time: string): unknown {
  if (!isObject(item)) return item;
  return list === 'conditions' ? { lastTransitionTime: time, ...item } : stampFields(item, time);
}
