import type { BankStatus } from './bank.ts';
import type { PoolProtocol, Port, PortRange } from './port.ts';
import type { Problem } from './problem.ts';
import type { FormerPortRow, PortRow, RouteRow } from './published.ts';

/** What somebody may see. */
export interface Sight {
  /** The same for those who see the same. */
  readonly key: string;
  /** Whether the objects of a namespace are seen; `''` stands for what belongs to none. */
  readonly sees: (namespace: string) => boolean;
  /** A text without the names that are not to be seen. */
  readonly hide: (text: string) => string;
}

/** Of whoever may see everything. */
export const seesAll: Sight = { key: 'all', sees: () => true, hide: (text) => text };

/** A part of a list. */
export interface Query {
  readonly sight: Sight;
  /** Words that all have to occur, in any case; empty for everything. */
  readonly text: string;
  readonly offset: number;
  /** How many rows at most. */
  readonly limit: number;
}

/** What a query found. */
export interface Page<T> {
  /** How many there are in all. */
  readonly total: number;
  readonly rows: readonly T[];
}

/** How many problems an object has. */
export interface ProblemCounts {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
}

/** A route in a list: of the servers behind it the first few. */
export interface RouteHit extends RouteRow {
  /** How many servers there are. */
  readonly serverCount: number;
  /** Of the object that it comes from. */
  readonly problems: ProblemCounts;
}

/** The problems with a code. */
export interface CodeCount {
  readonly code: Problem['code'];
  readonly severity: Problem['severity'];
  readonly count: number;
}

export interface ProblemQuery extends Query {
  /** Absent: all. */
  readonly codes?: ReadonlySet<string>;
  readonly severity?: string;
}

/** Which pool, on one protocol. */
export interface PoolName {
  readonly fleet: string;
  readonly pool: string;
  readonly protocol: PoolProtocol;
}

/** All ports of a pool at a glance. */
export interface PoolMap extends PoolName {
  readonly range: PortRange;
  readonly requestable: PortRange | null;
  /**
   * A letter for each port, from the first on: `f` free, `h` held, `c` cooling down, `l` lost, `o` somebody else's that may not be seen,
   * `.` of a bank that is not open.
   */
  readonly states: string;
  /** Those that the pool has ports in; a pool without banks is all in bank 0. */
  readonly banks: readonly (BankStatus & { readonly from: Port; readonly to: Port })[];
}

/** Everything about one port of a pool. */
export interface PortStory {
  readonly port: Port;
  /** The letter of the map. */
  readonly state: string;
  readonly bank: number;
  /** Who has it, or had it last. */
  readonly rows: readonly PortRow[];
  /** Who had it before, the last one first. */
  readonly history: readonly FormerPortRow[];
  /** Who asks for it and does not have it, as `Service/namespace/name`. */
  readonly wantedBy: readonly string[];
}

/** Looks through what there is. Each look costs little, and of many at a time some are refused: they reject with a `BusyError`. */
export interface Listing {
  routes(query: Query): Promise<Page<RouteHit>>;
  problems(query: ProblemQuery): Promise<Page<Problem>>;
  /** The worst first. */
  countProblems(sight: Sight): readonly CodeCount[];
  /** Another number whenever there are other problems than before. */
  problemVersion(): number;
  ports(query: Query): Promise<Page<PortRow>>;
  /** Undefined when there is no such pool. */
  poolMap(name: PoolName, sight: Sight): PoolMap | undefined;
  /** Undefined when the pool has no such port. */
  portStory(name: PoolName, port: number, sight: Sight): PortStory | undefined;
}

/** Too many look through lists already: ask again in a moment. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}
