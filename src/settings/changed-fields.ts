import { isDeepStrictEqual } from 'node:util';
import type { Settings } from './settings.ts';
import { isObject } from '../lib/raw-object.ts';

/** The fields that two configurations differ in, to a depth of two and sorted, such as `fleets` and `provider.hold`. */
export function listChangedFields(before: Settings, after: Settings): readonly string[] {
  return listChanges(before, after)
    .flatMap(([section, old, now]) =>
      isObject(old) && isObject(now)
        ? listChanges(old, now).map(([name]) => `${section}.${toFieldName(name)}`)
        : [section],
    )
    .toSorted();
}

function listChanges(before: object, after: object): readonly (readonly [string, unknown, unknown])[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((name) => [name, old.get(name), now.get(name)] as const)
    .filter(([, a, b]) => !isDeepStrictEqual(a, b));
}

/** Settings have the unit in the name of a duration. */
function toFieldName(name: string): string {
  return name.replace(/Ms$/, '');
}
