import type { ObjectKey } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import type { HeldPort, LedgerState, PortClaim } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { UnreadBySource } from '../model/unread-kinds.ts';
import type { ListenerKey, StatusFacts } from '../routes/status.ts';
import type { AddressedFleet } from '../pipeline/addressed-fleet.ts';

/** The state after a rebuild, as far as it is written back. */
export interface RebuiltState {
  /** The sources of which all is known; another set when another one is. Of others nothing is written: what seems to be missing may yet come. */
  readonly whole: ReadonlySet<string>;
  /** The kinds that may not be read; another map when they are others. */
  readonly unread: UnreadBySource;
  object(key: ObjectKey): SourceObject | undefined;
  objects(): Iterable<SourceObject>;
  /** The fleets that serve an object. */
  fleetsOf(key: ObjectKey): readonly string[];
  /** What the status of an object is to say, of kinds that have one which is answered; see `routes/status.ts`. */
  statusOf(key: ObjectKey): StatusFacts | undefined;
  /** How many routes a listener of a Gateway or a ListenerSet has accepted; when that changes, the object is looked at again. */
  attachedRoutes(listener: ListenerKey): number;
  /** The pool ports that an object asks for. */
  portClaimsOf(key: ObjectKey): readonly PortClaim[];
  /** The objects whose ports a holder has: itself, or those that share one under its name. */
  portUsersOf(holder: ObjectKey): readonly ObjectKey[];
  /** All fleets, with the addresses that they have now: the same list for as long as these are the same. */
  readonly fleets: readonly AddressedFleet[];
  /** What is durable, without the ports that may not be announced yet. */
  readonly ledger: LedgerState;
  /** Whether an object leads on a port that another one holds, and that may be announced. */
  isLed(unit: ObjectKey, held: HeldPort): boolean;
  /** For what has changed: `ledger`, with what a port that may not be announced yet replaces still in it. */
  readonly lastAnnounced: LedgerState;
  problems(): readonly Problem[];
}
