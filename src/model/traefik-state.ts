import type { Moment } from './moment.ts';

/** A router that a Traefik does not serve as it was asked to. */
export interface RouterFault {
  readonly protocol: 'http' | 'tcp' | 'udp';
  /** As it is called in the document. */
  readonly router: string;
  /** `warning`: it is served, but not on all of its entryPoints. */
  readonly status: 'disabled' | 'warning';
  readonly entryPoints: readonly string[];
  /** What Traefik says, each in one line; at most three. */
  readonly errors: readonly string[];
}

/** An entryPoint as a Traefik has it. */
export interface SeenEntryPoint {
  readonly name: string;
  /** Such as `:20000/udp`; empty where `fairlead edge` has reported it, which sends names alone. */
  readonly address: string;
  readonly asDefault: boolean;
}

/** What the API of one Traefik says. */
export interface TraefikSeen {
  /** Such as `3.7.2`; `dev` of one that was built from its source. */
  readonly version: string;
  /** When it was started, as it says itself; empty when it does not say. */
  readonly startedAt: string;
  /** The revision of the answer of Fairlead that it has applied last; null: none, or one without a revision in it. */
  readonly revision: string | null;
  readonly entryPoints: readonly SeenEntryPoint[];
  /** Of the routers of Fairlead; of very many the first. */
  readonly faults: readonly RouterFault[];
}

/** One Traefik of a fleet, as far as it is known. */
export interface TraefikState {
  readonly fleet: string;
  /** The URL of its API, with an address behind it where several answer there; or the host and bank that `fairlead edge` names. */
  readonly name: string;
  /** The host whose `fairlead edge` reports it; absent for one that Fairlead asks itself. */
  readonly host?: string;
  /** What it said last; null: it never did. */
  readonly seen: TraefikSeen | null;
  /** Why it cannot be asked now; one line. Null: it can. */
  readonly error: string | null;
  /** Since when it cannot be asked, or has had this revision. */
  readonly since: Moment;
}

/** What became of a report of `fairlead edge`. `full`: more hosts report than are kept. */
export type ReportOutcome = 'full' | 'taken' | 'unknown-fleet' | 'unusable';
