import type { Kind } from '../model/object-ref.ts';
import type { RelistReason, RestartReason } from './failure.ts';

/** How one kind stands. */
export interface KindCondition {
  readonly kind: Kind;
  /** Empty for all namespaces. */
  readonly namespace: string;
  /** `connecting`: between two watches. `denied`: the answer was that it may not be read, or is not served; it is asked for again now and then. */
  readonly state: 'listing' | 'connecting' | 'watching' | 'retrying' | 'denied';
  /** Whether everything of the kind has been delivered at least once. */
  readonly synced: boolean;
  /** When it came into this state, RFC 3339. */
  readonly since: string;
  /** What is wrong, as a sentence; empty when nothing is. */
  readonly detail: string;
  /** How to mend it, as a sentence; empty when nothing is wrong. */
  readonly hint: string;
}

/** What one reflector has counted since it started. */
export interface KindStats {
  readonly kind: Kind;
  readonly namespace: string;
  readonly objects: number;
  readonly relists: Readonly<Partial<Record<RelistReason, number>>>;
  readonly watchRestarts: Readonly<Partial<Record<RestartReason, number>>>;
  /** Milliseconds since the last object event; undefined before the first. Bookmarks do not count. */
  readonly lastEventAgeMs: number | undefined;
}
