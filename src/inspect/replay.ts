import type { Holder, LedgerState } from '../model/ports.ts';
import type { SourceObject } from '../model/objects.ts';
import type { Listing } from '../model/listing.ts';
import type { FileLocation, Problem } from '../model/problem.ts';
import type { Inspection } from '../model/published.ts';
import type { Change } from '../model/snapshot.ts';
import { hidesClaims, type UnreadBySource } from '../model/unread-kinds.ts';
import { isKind } from '../kinds/index.ts';
import { checkValidity } from '../certificates/expiry.ts';
import { allocatePorts } from '../ports/allocation/allocate.ts';
import { createAbsentSources } from '../ports/absent-sources.ts';
import { toBankProblems } from '../ports/banks/bank-problems.ts';
import { checkPools } from '../ports/check-pools.ts';
import type { Ledger } from '../ports/ledger/ledger.ts';
import type { Settings } from '../settings/settings.ts';
import type { Source } from '../source/source.ts';
import { FleetAddresses } from '../pipeline/fleet-addresses.ts';
import { inspect } from './inspection.ts';
import { LiveListing } from './listing/live-listing.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { Sleep } from '../lib/sleep.ts';
import { SourceReading, type Delivery } from './source-reading.ts';

/** What the sources come to now, worked out once; nothing is written. */
export interface Replay {
  readonly inspection: Inspection;
  readonly pipeline: Pipeline;
  /** Who would hold which port. */
  readonly ledger: LedgerState;
  /** What the same objects, and more, come to under other settings with the same sources, which are not read again. */
  under(settings: Settings, more?: readonly SourceObject[]): Replay;
  /** The same in parts. */
  readonly listing: Listing;
  /** The document of a bank of a fleet, with the ports that the claims would get. */
  body(fleet: string, bank?: number): Buffer;
  /** Where in a file a problem stands; undefined when no file has it. */
  locate(problem: Problem): Promise<FileLocation | undefined>;
}

/** Reads every source once, gives out ports as a running Fairlead would, and renders. @throws the errors of the ledger. */
export async function replay(
  settings: Settings,
  sources: readonly Source[],
  ledger: Ledger,
): Promise<Replay> {
  const { state } = await ledger.read();
  const readings = await readAll(sources);
  await Promise.all(readings.map((reading) => reading.stop()));
  return toReplay(settings, { sources, state, deliveries: readings.map(({ delivery }) => delivery) });
}

/** How `follow` goes on. */
export interface Following {
  /** Gets what the sources come to now. Never called while it still runs; what it throws ends everything. */
  readonly show: (replay: Replay) => Promise<void>;
  readonly stopped: Promise<void>;
  /** How long to wait after a sign of a change for further ones. Default 200 ms. */
  readonly quietMs?: number;
}

/** As `replay`, and again after each change of the sources, until it is stopped. @throws the errors of the ledger. */
export async function follow(
  settings: Settings,
  sources: readonly Source[],
  ledger: Ledger,
  { show, stopped, quietMs = 200 }: Following,
): Promise<void> {
  const stop = new AbortController();
  void stopped.then(() => stop.abort());
  const wait = new Sleep();
  let isOther = false;
  let last: { readonly version: string; readonly ledger: LedgerState } | undefined;
  const readings = await readAll(sources, () => {
    isOther = true;
    wait.end();
  });
  try {
    while (!stop.signal.aborted) {
      isOther = false;
      const { state: stored, version } = await ledger.read();
      // What was given out is given out, though nobody has written it.
      const state = last?.version === version ? last.ledger : stored;
      const deliveries = readings.map(({ delivery }) => delivery);
      const now = toReplay(settings, { sources, state, deliveries });
      last = { version, ledger: now.ledger };
      await show(now);
      // The ledger may change without them.
      if (!isOther) await wait.wait(ledgerMs, stop.signal);
      await new Sleep().wait(quietMs, stop.signal);
    }
  } finally {
    await Promise.all(readings.map((reading) => reading.stop()));
  }
}

/** How often the ledger is looked at without a change of the sources. */
const ledgerMs = 5_000;

/** Starts all sources, and resolves when each has answered, or been waited for. */
async function readAll(sources: readonly Source[], changed?: () => void): Promise<readonly SourceReading[]> {
  const readings = sources.map((source) => new SourceReading(source, changed));
  await Promise.all(readings.map(({ settled }) => settled));
  return readings;
}

/** All that has been read. */
interface Reading {
  readonly sources: readonly Source[];
  readonly state: LedgerState;
  readonly deliveries: readonly Delivery[];
  /** Objects that no source has. */
  readonly more?: readonly SourceObject[];
}

function toReplay(settings: Settings, reading: Reading): Replay {
  const { sources, state, deliveries, more = [] } = reading;
  const pipeline = new Pipeline(settings);
  const unread: UnreadBySource = new Map(deliveries.map((each) => [each.row.name, each.unread]));
  const { touched } = pipeline.update(
    [
      ...deliveries.flatMap((delivery) => delivery.changes),
      ...more.map((object): Change => ({ kind: 'set', object })),
    ],
    state,
    undefined,
    unread,
  );
  const unseen = new Set(deliveries.filter(({ row }) => row.state === 'starting').map(({ row }) => row.name));
  const addresses = new FleetAddresses(settings);
  addresses.update(pipeline.store, touched, (source) => !unseen.has(source));
  const claims = pipeline.portClaims();
  const absent = createAbsentSources(settings);
  const keep = (holder: Holder): boolean =>
    absent.includes(holder.source) || unseen.has(holder.source) || hidesClaims(unread, holder);
  const allocation = allocatePorts({ claims, ledger: state, fleets: settings.fleets, now: Date.now(), keep });
  pipeline.update([], allocation.ledger);
  const parts = { pipeline, fleets: () => addresses.fleets, banks: () => allocation.banks };
  const inspection = inspect({
    ...parts,
    problems: () => [
      ...checkPools(settings),
      ...addresses.problems,
      ...pipeline.withoutIdleDuplicates(deliveries.flatMap((delivery) => delivery.problems)),
      ...pipeline.problems(),
      ...checkValidity(pipeline.certificates(), settings.certificates.warnBeforeMs, Date.now()).problems,
      ...allocation.refused,
      ...toBankProblems({ ledger: allocation.ledger, fleets: settings.fleets, states: allocation.banks }),
    ],
    sources: () => deliveries.map(({ row }) => ({ ...row, objects: pipeline.store.count(row.name) })),
    now: () => Date.now(),
  });
  return {
    inspection,
    pipeline,
    ledger: allocation.ledger,
    under: (others, added = []) => toReplay(others, { ...reading, more: added }),
    listing: new LiveListing({ ...parts, inspection }),
    body: (fleet, bank) => pipeline.toBody(fleet, bank),
    locate: (problem) => locateProblem(sources, problem),
  };
}

async function locateProblem(
  sources: readonly Source[],
  problem: Problem,
): Promise<FileLocation | undefined> {
  if (problem.location) return problem.location;
  const { subject, field } = problem;
  const { kind, source: name } = subject;
  if (!isKind(kind)) return undefined;
  return sources.find((source) => source.name === name)?.locate({ ...subject, kind }, field);
}
