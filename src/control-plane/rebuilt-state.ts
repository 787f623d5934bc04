import type { Problem } from '../model/problem.ts';
import type { FleetAddresses } from '../pipeline/fleet-addresses.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { RebuiltState } from '../write-back/rebuilt-state.ts';
import type { Announcements } from './announcements.ts';
import type { SourceTracker } from './source-tracker.ts';

export interface RebuiltParts {
  readonly pipeline: Pipeline;
  readonly addresses: FleetAddresses;
  readonly tracker: Pick<SourceTracker, 'unread' | 'whole'>;
  readonly announcements: Announcements;
  readonly problems: () => readonly Problem[];
}

/** What write-back sees: always the present state of the parts. */
export function toRebuiltState(parts: RebuiltParts): RebuiltState {
  const { pipeline, addresses, tracker, announcements, problems } = parts;
  return {
    get whole() {
      return tracker.whole;
    },
    get unread() {
      return tracker.unread;
    },
    object: (key) => pipeline.store.get(key),
    objects: () => pipeline.store.values(),
    fleetsOf: (key) => pipeline.fleetsOf(key),
    statusOf: (key) => pipeline.statusOf(key),
    attachedRoutes: (listener) => pipeline.attachedRoutes(listener),
    portClaimsOf: (key) => pipeline.portClaimsOf(key),
    portUsersOf: (holder) => pipeline.portUsersOf(holder),
    problems,
    get fleets() {
      return addresses.fleets;
    },
    isLed: (unit, held) => announcements.isLed(unit, held),
    get ledger() {
      return announcements.ledger;
    },
    get lastAnnounced() {
      return announcements.lastAnnounced;
    },
  };
}
