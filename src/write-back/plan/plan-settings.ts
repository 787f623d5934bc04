import type { ServiceSettings } from '../../settings/settings.ts';
import type { AddressedFleet } from '../../pipeline/addressed-fleet.ts';

/** What is configured, with the addresses that the fleets have now. */
export interface PlanSettings {
  readonly fleets: readonly AddressedFleet[];
  readonly services: Pick<ServiceSettings, 'expose'>;
}
