import { annotationField, type Report } from '../model/problem.ts';
import type { Wishes } from '../annotations/wishes.ts';
import type { Settings } from '../settings/settings.ts';

/** The fleets that an object asks for, of those that exist; without a word of it, the given ones. */
export function chooseFleets(
  settings: Settings,
  wishes: Wishes,
  byDefault: readonly string[],
  report: Report,
): readonly string[] {
  if (wishes.fleets === undefined) return byDefault;
  const known = settings.fleets.map((fleet) => fleet.name);
  for (const name of wishes.fleets) {
    if (known.includes(name)) continue;
    report('annotation-invalid', {
      field: annotationField('fairlead.dev/fleet'),
      message: `there is no fleet ${name}`,
      hint: `Use one of ${known.join(', ')}.`,
    });
  }
  return known.filter((name) => wishes.fleets?.includes(name));
}
