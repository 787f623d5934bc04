import type { BackOffSettings } from '../lib/back-off.ts';

/** From the first to the second, chosen at random: replicas that start together must not act together. */
export type Span = readonly [number, number];

/** How a reflector keeps time, in milliseconds. The defaults suit every cluster; tests are less patient. */
export interface Timings {
  readonly backOff: BackOffSettings;
  /** The time for one page of a list. */
  readonly pageMs: number;
  /** The time until a watch is accepted. */
  readonly acceptMs: number;
  /** How long a watch may be silent. Servers send a bookmark about once a minute, so beyond this the connection is dead. */
  readonly idleMs: Span;
  /** How long a watch is asked to last. */
  readonly watchMs: Span;
  /** After how long everything is listed again, whatever the watches say. Checked whenever a watch ends. */
  readonly relistMs: Span;
  /** How often a server that no kind gets through to is asked whether it is back, and how long it may take to answer. */
  readonly probeMs: number;
  /** How long to wait when the answer was that something is forbidden or not served. */
  readonly deniedMs: Span;
  /** How often it is looked whether a custom resource has been installed. */
  readonly absentMs: Span;
  /** How long a kind may be out of reach before the source counts as stale. */
  readonly staleMs: number;
}

export const defaultTimings: Timings = {
  backOff: { firstMs: 500, mostMs: 30_000, healthyMs: 60_000 },
  pageMs: 60_000,
  acceptMs: 30_000,
  idleMs: [90_000, 120_000],
  watchMs: [300_000, 600_000],
  // A watch that has just begun may last ten more minutes: the list comes after 30 to 60 minutes.
  relistMs: [1_800_000, 3_000_000],
  probeMs: 1_000,
  deniedMs: [30_000, 60_000],
  absentMs: [10_000, 20_000],
  staleMs: 10_000,
};

/** A random time within the span. */
export function pickFrom([least, most]: Span, random: () => number = Math.random): number {
  return least + (most - least) * random();
}
