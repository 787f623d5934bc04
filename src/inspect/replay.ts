import type { Holder, LedgerState } from '../model/ports.ts';
import type { SourceObject } from '../model/objects.ts';
import type { Listing } from '../model/listing.ts';
import type { FileLocation, Problem } from '../model/problem.ts';
import type { Inspection, SourceRow } from '../model/published.ts';
import type { Change } from '../model/snapshot.ts';
import { hidesClaims, type UnreadBySource, type UnreadKinds } from '../model/unread-kinds.ts';
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

/** What the sources come to now, worked out once; nothing is written. */
export interface Replay {
  readonly inspection: Inspection;
  readonly pipeline: Pipeline;
  /** What the same objects, and more, come to under other settings with the same sources, which are not read again. */
  under(settings: Settings, more?: readonly SourceObject[]): Replay;
  /** The same in parts. */
  readonly listing: Listing;
  /** The document of a bank of a fleet, with the ports that the claims would get. */
  body(fleet: string, bank?: number): Buffer;
  /** Where in a file a problem stands; undefined when no file has it. */
  locate(problem: Problem): Promise<FileLocation | undefined>;
}

/** How long a source that does not answer is waited for. */
const patienceMs = 5_000;

interface Delivery {
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
  readonly row: Omit<SourceRow, 'objects'>;
  readonly unread: UnreadKinds;
}

/** Reads every source once, gives out ports as a running Fairlead would, and renders. @throws the errors of the ledger. */
export async function replay(
  settings: Settings,
  sources: readonly Source[],
  ledger: Ledger,
): Promise<Replay> {
  const { state } = await ledger.read();
  return toReplay(settings, { sources, state, deliveries: await Promise.all(sources.map(readOnce)) });
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
      ...checkPools(settings.fleets),
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
    under: (others, added = []) => toReplay(others, { ...reading, more: added }),
    listing: new LiveListing({ ...parts, inspection }),
    body: (fleet, bank) => pipeline.toBody(fleet, bank),
    locate: (problem) => locateProblem(sources, problem),
  };
}

async function readOnce(source: Source): Promise<Delivery> {
  const changes: Change[] = [];
  let problems: readonly Problem[] = [];
  let timer: NodeJS.Timeout | undefined;
  let unread: UnreadKinds = [];
  const row = await new Promise<Delivery['row']>((resolve) => {
    source.start({
      changed: (batch) => {
        for (const change of batch) changes.push(change);
      },
      problems: (list) => (problems = list),
      state: (state) => {
        const detail = state.kind === 'synced' ? '' : state.detail;
        const lastSync = state.kind === 'synced' ? new Date().toISOString() : null;
        const found = { name: source.name, state: state.kind, detail, lastSync };
        unread = 'unread' in state ? (state.unread ?? []) : [];
        clearTimeout(timer);
        if (state.kind === 'starting') timer = setTimeout(() => resolve(found), patienceMs);
        else resolve(found);
      },
    });
  });
  await source.stop();
  return { changes, problems, row, unread };
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
