import { annotationField, listSome, type Report } from '../model/problem.ts';
import { quote } from '../annotations/parsers.ts';
import type { Directives } from '../annotations/directives.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * The fleets that an object asks for, of those that exist; without a word of it, the given ones. Names that do not exist are
 * no reason to fall back on those: what was meant for an internal fleet must not come out on a public one.
 */
export function chooseFleets(
  settings: Settings,
  directives: Directives,
  byDefault: readonly string[],
  report: Report,
): readonly string[] {
  if (directives.fleets === undefined) return byDefault;
  const known = settings.fleets.map((fleet) => fleet.name);
  const field = annotationField('fairlead.dev/fleet');
  const hint = `Use one of ${listSome(known)}.`;
  if (directives.fleets.length === 0)
    report('annotation-invalid', { field, message: 'the list names no fleet, so none serves it', hint });
  for (const name of directives.fleets) {
    if (known.includes(name)) continue;
    report('annotation-invalid', () => ({
      field,
      message: `there is no fleet ${quote(name)} to serve it`,
      hint,
    }));
  }
  return known.filter((name) => directives.fleets?.includes(name));
}
