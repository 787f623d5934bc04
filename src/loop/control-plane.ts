import type { Logger } from 'pino';
import { emptyLedger } from '../model/ports.ts';
import type { Inspection, Readiness, SourceRow } from '../model/published.ts';
import type { Problem } from '../model/problem.ts';
import type { Change } from '../model/snapshot.ts';
import { createAbsentSources, type AbsentSources } from '../ports/absent-sources.ts';
import { checkPools } from '../ports/check-pools.ts';
import type { Settings } from '../settings/settings.ts';
import { lastKnownGoodTiming } from '../source/last-known-good.ts';
import { guardShrink } from '../source/shrink-guard.ts';
import type { Source, SourceListener } from '../source/source.ts';
import type { LeaderElection } from '../write-back/leader.ts';
import type { World, WriteBack } from '../write-back/write-back.ts';
import { logState, toFeed, type Feed } from './feed.ts';
import { FleetAddresses } from './fleet-addresses.ts';
import { inspect } from './inspection.ts';
import { Pipeline } from './pipeline.ts';
import { PortKeeper, type SharedLedger } from './port-keeper.ts';
import { ProblemLog } from './problem-log.ts';
import { Publisher } from './publisher.ts';
import { RebuildLoop } from './rebuild-loop.ts';
import { restoreLedger } from './restore-ledger.ts';

export interface ControlPlaneOptions {
  readonly settings: Settings;
  readonly sources: readonly Source[];
  readonly ledger: SharedLedger;
  readonly log: Logger;
  /** Absent: this is the only replica, and nothing is written to any cluster. */
  readonly cluster?: ClusterDuties | undefined;
  /** Called after each rebuild, with the milliseconds that it took. */
  readonly rebuilt?: (milliseconds: number) => void;
}

/** What a replica that reads clusters does besides serving. */
export interface ClusterDuties {
  readonly leader: Pick<LeaderElection, 'isLeader' | 'onChange' | 'start' | 'stop'>;
  readonly writeBack: Pick<WriteBack, 'lead' | 'stop' | 'update'>;
}

/** The running whole: sources feed it, the pipeline makes documents of it, the ledger holds its ports, `published` has its answers. */
export class ControlPlane {
  readonly published: Publisher;
  readonly inspection: Inspection;
  readonly #options: ControlPlaneOptions;
  readonly #pipeline: Pipeline;
  readonly #addresses: FleetAddresses;
  readonly #absent: AbsentSources;
  readonly #keeper: PortKeeper;
  readonly #loop: RebuildLoop;
  readonly #feeds: readonly Feed[];
  readonly #problemLog: ProblemLog;
  #pending: Change[] = [];
  /** The sources that have delivered everything; they count as known from the rebuild on that takes it over. */
  readonly #delivered = new Set<Feed>();
  /** The sources of which all is known. */
  #whole: ReadonlySet<string> = new Set();
  readonly #startedAt = performance.now();
  /** How long also sources that are not required are waited for: what is kept of them takes that long to be served. */
  readonly #graceMs: number;
  #grace: NodeJS.Timeout | undefined;
  #portsSettled = false;
  /** Whether the ledger, or problems that the pipeline knows nothing of, have changed since they were told. */
  #hasNews = true;
  readonly #world: World;

  constructor(options: ControlPlaneOptions) {
    const { settings, sources, ledger, log } = options;
    this.#options = options;
    this.#pipeline = new Pipeline(settings);
    this.#addresses = new FleetAddresses(settings);
    this.#absent = createAbsentSources(settings);
    this.#graceMs = settings.lastKnownGood === null ? 0 : lastKnownGoodTiming.graceMs + 1_000;
    this.published = new Publisher(settings.fleets.map((fleet) => fleet.name));
    this.#feeds = sources.map((source) => toFeed(source, settings));
    this.#problemLog = new ProblemLog(log);
    this.#loop = new RebuildLoop(
      { quietMs: settings.provider.debounceMs, maxWaitMs: settings.provider.maxWaitMs },
      () => this.#rebuild(),
    );
    this.#keeper = new PortKeeper({
      ledger,
      fleets: settings.fleets,
      log,
      claims: () => this.#pipeline.portClaims(),
      keep: ({ source }) =>
        this.#absent.includes(source) ||
        this.#feeds.some((feed) => feed.source.name === source && !feed.hasSynced),
      mayWrite: () => options.cluster?.leader.isLeader ?? true,
      restore: () =>
        restoreLedger(
          this.#pipeline,
          this.#feeds,
          this.#addresses.fleets,
          performance.now() - this.#startedAt,
        ),
      changed: () => {
        this.#hasNews = true;
        this.#loop.request();
      },
    });
    const pipeline = this.#pipeline;
    const addresses = this.#addresses;
    const whole = (): ReadonlySet<string> => this.#whole;
    this.#world = {
      get whole() {
        return whole();
      },
      object: (key) => pipeline.store.get(key),
      objects: () => pipeline.store.values(),
      fleetsOf: (key) => pipeline.fleetsOf(key),
      problems: () => this.#problems(),
      get fleets() {
        return addresses.fleets;
      },
      get ledger() {
        return pipeline.ledger;
      },
    };
    this.inspection = inspect({
      pipeline: this.#pipeline,
      fleets: () => addresses.fleets,
      problems: () => this.#problems(),
      sources: () => this.#feeds.map((feed) => this.#toRow(feed)),
      now: () => Date.now(),
    });
  }

  /** Loads the ledger and starts the sources. @throws LedgerDamagedError and other errors of the ledger. */
  async start(): Promise<void> {
    await this.#keeper.start();
    this.#startDuties();
    this.#updateReadiness();
    for (const feed of this.#feeds) this.#startFeed(feed);
    this.#grace = setTimeout(() => this.#loop.request(), this.#graceMs + 10);
    this.#loop.request();
  }

  #startDuties(): void {
    const { cluster } = this.#options;
    cluster?.leader.onChange(() => {
      cluster.writeBack.lead();
      void this.#keeper.settle();
    });
    cluster?.leader.start();
  }

  /** Resolves once all work has ended. What was published stays readable. */
  async stop(): Promise<void> {
    this.#loop.stop();
    clearTimeout(this.#grace);
    for (const { guard } of this.#feeds) guard?.close();
    // Whatever writes before the leadership ends, and all that before the sources, whose connections it uses.
    const { cluster, ledger } = this.#options;
    await Promise.all([this.#keeper.stop(), cluster?.writeBack.stop()]);
    await cluster?.leader.stop();
    await ledger.close();
    await Promise.all(this.#feeds.map((feed) => feed.source.stop()));
  }

  #startFeed(feed: Feed): void {
    feed.guard = guardShrink(this.#toListener(feed), { source: feed.source.name });
    feed.source.start(feed.guard);
  }

  #toListener(feed: Feed): SourceListener {
    const log = this.#options.log.child({ source: feed.source.name });
    return {
      changed: (changes) => {
        for (const change of changes) this.#pending.push(change);
        this.#loop.request();
      },
      problems: (problems) => {
        feed.problems = problems;
        this.#hasNews = true;
        this.#loop.request();
      },
      state: (state) => {
        if (state.kind !== feed.state.kind) logState(log, state);
        feed.state = state;
        // A stale one has delivered what it was last known to have.
        if (state.kind !== 'starting') this.#delivered.add(feed);
        this.#loop.request();
      },
    };
  }

  /** Not before their objects are in the pipeline: ports are settled at any time, and would be taken from holders not yet seen. */
  #completeFeeds(): void {
    for (const feed of this.#delivered) {
      if (feed.hasSynced) continue;
      feed.hasSynced = true;
      this.#whole = new Set([...this.#whole, feed.source.name]);
    }
  }

  #rebuild(): void {
    const started = performance.now();
    const changes = this.#pending;
    this.#pending = [];
    const outcome = this.#pipeline.update(changes, this.#keeper.state);
    this.#completeFeeds();
    const isWhole = (source: string): boolean => this.#whole.has(source);
    if (this.#addresses.update(this.#pipeline.store, outcome.touched, isWhole)) this.#hasNews = true;
    // Ports first at the start: the first answer has to hold those that the claims get.
    if (outcome.claimsChanged || !this.#portsSettled) void this.#settlePorts();
    for (const fleet of this.#waitingFor().length === 0 ? this.published.fleets : []) {
      if (outcome.fleets.has(fleet) || this.published.current(fleet) === undefined)
        this.published.publish(fleet, this.#pipeline.toBody(fleet));
    }
    this.#updateReadiness();
    const hasNews = outcome.problemsChanged || this.#hasNews;
    this.#hasNews = false;
    if (hasNews) this.#problemLog.update(this.#problems());
    this.#options.cluster?.writeBack.update(this.#world, outcome.units, hasNews);
    this.#options.rebuilt?.(performance.now() - started);
  }

  async #settlePorts(): Promise<void> {
    const whole = this.#feeds.every((feed) => feed.hasSynced || !feed.required);
    await this.#keeper.settle();
    if (!whole || this.#portsSettled) return;
    this.#portsSettled = true;
    this.#loop.request();
  }

  #waitingFor(): readonly string[] {
    const isEarly = performance.now() - this.#startedAt < this.#graceMs;
    const sources = this.#feeds.filter((feed) => (feed.required || isEarly) && !feed.hasSynced);
    if (this.#keeper.state === undefined) return ['the ledger'];
    const names = sources.map(
      ({ source, state }) => `source ${source.name}${state.kind === 'starting' ? ` (${state.detail})` : ''}`,
    );
    return names.length > 0 || this.#portsSettled ? names : ['the allocation of ports'];
  }

  #updateReadiness(): void {
    const waitingFor = this.#waitingFor();
    const readiness: Readiness =
      waitingFor.length === 0 ? { kind: 'ready' } : { kind: 'starting', waitingFor };
    // Once ready always ready: from then on the last good answer beats none.
    if (this.published.readiness().kind === 'starting') this.published.setReadiness(readiness);
  }

  #problems(): readonly Problem[] {
    return [
      ...checkPools(this.#settings.fleets),
      ...this.#absent.problems(this.#keeper.state ?? emptyLedger),
      ...this.#addresses.problems,
      ...this.#feeds.flatMap((feed) => feed.problems),
      ...this.#pipeline.problems(),
      ...this.#keeper.problems,
    ];
  }

  #toRow({ source, state }: Feed): SourceRow {
    const detail = state.kind === 'synced' ? '' : state.detail;
    return { name: source.name, state: state.kind, detail, objects: this.#pipeline.store.count(source.name) };
  }

  get #settings(): Settings {
    return this.#options.settings;
  }
}
