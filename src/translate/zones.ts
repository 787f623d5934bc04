import type { Report } from '../model/problem.ts';
import type { Settings } from '../settings/settings.ts';

/** Fleets whose Traefiks are in the same zone, or whose zone nobody has said: the servers behind them are the same. */
export interface ZoneGroup {
  readonly zone: string | undefined;
  readonly fleets: readonly string[];
}

/** The zone of a fleet. */
export function findZone({ fleets }: Pick<Settings, 'fleets'>, name: string): string | undefined {
  return fleets.find((fleet) => fleet.name === name)?.zone;
}

/** Reports what is the same for several zones once. */
export function reportOnce(report: Report): Report {
  const known = new Set<string>();
  return (code, details) => {
    const given = typeof details === 'function' ? details() : details;
    const key = `${code} ${given.field} ${given.message}`;
    if (!known.has(key)) report(code, given);
    known.add(key);
  };
}

/** Fleets by their zones, in the order in which these come up; at least one group, which is empty where no fleet is given. */
export function groupByZone(
  settings: Pick<Settings, 'fleets'>,
  fleets: readonly string[],
): readonly [ZoneGroup, ...ZoneGroup[]] {
  const groups = new Map<string | undefined, string[]>();
  for (const name of fleets) {
    const zone = findZone(settings, name);
    groups.set(zone, [...(groups.get(zone) ?? []), name]);
  }
  const [first = { zone: undefined, fleets: [] }, ...rest] = [...groups].map(([zone, names]) => ({
    zone,
    fleets: names,
  }));
  return [first, ...rest];
}
