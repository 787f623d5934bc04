import type { Kind } from '../model/object-ref.ts';

/** How one kind stands. */
export interface KindCondition {
  readonly kind: Kind;
  /** Empty for all namespaces. */
  readonly namespace: string;
  /**
   * `connecting`: between two watches. `denied`: the answer was that it may not be read, or is not served; it is asked for again
   * now and then. `absent`: it is a custom resource that is not installed; whether it is now is looked at now and then.
   */
  readonly state: 'listing' | 'connecting' | 'watching' | 'retrying' | 'denied' | 'absent';
  /** Whether everything of the kind has been delivered at least once; of one that is not installed that is nothing. */
  readonly synced: boolean;
  /**
   * It is a custom resource that may not be read, and has not been since the start: what there is of it is not known, and is done without.
   * One that has been read before is not, whatever becomes of the right to it.
   */
  readonly unread: boolean;
  /** When it came into this state, RFC 3339. */
  readonly since: string;
  /** What is wrong, as a sentence; empty when nothing is. */
  readonly detail: string;
  /** How to mend it, as a sentence; empty when nothing is wrong. */
  readonly hint: string;
}
