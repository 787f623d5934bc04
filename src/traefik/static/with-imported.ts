import type { ImportedNumber } from '../../model/imported-port.ts';
import type { FleetSettings } from '../../settings/settings.ts';

/** A fleet with the numbers of all imports that are for it; the very fleet when there are none. */
export function withImported(fleet: FleetSettings, numbers: readonly ImportedNumber[]): FleetSettings {
  const imported = numbers
    .filter((each) => each.fleet === fleet.name)
    .sort((a, b) => (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : a.port - b.port));
  return imported.length === 0 ? fleet : { ...fleet, imported };
}
