/** What a guard does about a loss of routes. */
export type ShrinkMode = 'hold' | 'warn';

/** How much of a fleet a source lost at once. */
export interface ShrunkFleet {
  readonly fleet: string;
  readonly lost: number;
  /** What it had of that fleet before. */
  readonly known: number;
}

/** A loss of routes beyond reason that stands: a line of `/api/shrinks`. */
export interface ShrinkRow {
  readonly source: string;
  /** `hold`: the objects that went are served all the same, until then. `warn`: they are gone, and this is said until then. */
  readonly mode: ShrinkMode;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** RFC 3339, UTC. */
  readonly until: string;
  readonly fleets: readonly ShrunkFleet[];
  /** In how many namespaces. */
  readonly namespaces: number;
  /** One of the objects that went, as `Kind/namespace/name`. */
  readonly example: string;
}
