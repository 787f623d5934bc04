import { inspect, type InspectionOptions } from '../inspect/inspection.ts';
import { LiveListing } from '../inspect/listing/live-listing.ts';
import type { Inspection } from '../model/published.ts';
import type { FleetAddresses } from '../pipeline/fleet-addresses.ts';
import type { SourceTracker } from './source-tracker.ts';

export interface ViewsOptions extends Pick<
  InspectionOptions,
  'banks' | 'clockLag' | 'pipeline' | 'problems' | 'shrinks' | 'traefiks'
> {
  readonly addresses: FleetAddresses;
  readonly tracker: SourceTracker;
}

/** What is seen of a control plane: as a whole, and in parts for who looks at one after the other. */
export function createViews({ addresses, tracker, ...rest }: ViewsOptions): {
  readonly inspection: Inspection;
  readonly listing: LiveListing;
} {
  const { store } = rest.pipeline;
  const options = { ...rest, fleets: (): FleetAddresses['fleets'] => addresses.fleets };
  const sources = (): ReturnType<Inspection['sources']> => tracker.rows((source) => store.count(source));
  const inspection = inspect({ ...options, sources, now: () => Date.now() });
  return { inspection, listing: new LiveListing({ ...options, inspection }) };
}
