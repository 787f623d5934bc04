import type { FleetSettings } from '../settings/settings.ts';

/** A fleet whose `addresses` are all that it has now. */
export interface AddressedFleet extends FleetSettings {
  /** Absent when all addresses are fixed. */
  readonly lookedUp?: {
    /** False while a source of addresses has never had any: what is published must stay. */
    readonly isComplete: boolean;
    /** Those of the configuration. */
    readonly fixed: readonly string[];
    /** The latest that the sources had in this process, those of now among them. */
    readonly former: readonly string[];
  };
}
