import type { ObjectKey } from '../model/object-ref.ts';
import type { Fragment } from '../render/fragment.ts';
import { servesUnnamed, toUnknownSniFragments } from '../render/unknown-sni.ts';
import type { Settled } from '../routes/intent.ts';
import type { FleetSettings } from '../settings/settings.ts';

/** What closes TLS connections for names that nothing has, in fleets that ask for it, and while there is no route for whatever name. */
export class UnknownNames {
  readonly #fleets: ReadonlyMap<string, FleetSettings>;
  /** By fleet, the objects with routes for whatever name. */
  readonly #unnamed = new Map<string, Set<ObjectKey>>();

  constructor(fleets: readonly FleetSettings[]) {
    this.#fleets = new Map(
      fleets.flatMap((fleet) => (fleet.refusesUnknownSni === true ? [[fleet.name, fleet]] : [])),
    );
  }

  /** The fleets that ask for it. */
  get fleets(): Iterable<string> {
    return this.#fleets.keys();
  }

  /** What stands in the document of a fleet now. */
  toFragments(name: string): readonly Fragment[] {
    const fleet = this.#fleets.get(name);
    const unnamed = this.#unnamed.get(name)?.size ?? 0;
    return fleet === undefined || unnamed > 0 ? [] : toUnknownSniFragments(fleet);
  }

  /** Puts the routes of an object in place of its former ones; returns the fleets for which that changes something. */
  replace(unit: ObjectKey, intents: readonly Settled[]): readonly string[] {
    return [...this.#fleets.values()].flatMap((fleet) => {
      const units = this.#unnamed.get(fleet.name) ?? new Set();
      this.#unnamed.set(fleet.name, units);
      const had = units.size > 0;
      if (intents.some((intent) => intent.fleet === fleet.name && servesUnnamed(fleet, intent)))
        units.add(unit);
      else units.delete(unit);
      return units.size > 0 === had ? [] : [fleet.name];
    });
  }
}
