import type { PoolProtocol, Port } from '../../model/port.ts';
import type { PortClaim } from '../../model/ports.ts';
import type { PortPool } from '../../settings/port-pool.ts';
import type { ClaimKey } from '../claim.ts';

/** A claim that does not have all that it asks for, in a fleet that has a pool for it. */
export interface Waiting {
  readonly key: ClaimKey;
  readonly claim: PortClaim;
  readonly pool: PortPool;
  /** The protocols for which there is a pool: at least one. */
  readonly protocols: readonly PoolProtocol[];
  /** The ports that the claim had before, the last one first; then those that its holder has given up for another Service port. */
  readonly formerPorts: readonly Port[];
  /** Set: it gets a port only together with the others of its run. */
  readonly run?: Run;
  /** Set: it gets only this one. */
  readonly beside?: Beside;
}

/** Claims of which none has a port yet, and which are to have consecutive ones. */
export interface Run {
  /** In the order of the Service ports. All in one pool. */
  readonly members: readonly Waiting[];
  /** The number of the first member, where one of them asks for its number; perhaps no port. */
  readonly base?: number;
}

/** A place in a run that has begun: so many numbers after the port of another member, or before it. */
export interface Beside {
  readonly anchor: Port;
  readonly distance: number;
}
