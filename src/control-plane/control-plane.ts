import type { ObjectKey } from '../model/object-ref.ts';
import { emptyLedger } from '../model/ports.ts';
import type { Inspection } from '../model/published.ts';
import type { Problem } from '../model/problem.ts';
import { hidesClaims } from '../model/unread-kinds.ts';
import { createMemoryBoard } from '../health/board.ts';
import { createAbsentSources, type AbsentSources } from '../ports/absent-sources.ts';
import { checkPools } from '../ports/check-pools.ts';
import type { Settings } from '../settings/settings.ts';
import type { RebuiltState } from '../write-back/rebuilt-state.ts';
import type { Announcements } from './announcements.ts';
import { followTraefiks } from './follow-traefiks.ts';
import { SourceTracker } from './source-tracker.ts';
import { FleetAddresses } from '../pipeline/fleet-addresses.ts';
import type { LiveListing } from '../inspect/listing/live-listing.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { toServedRoutes } from '../pipeline/served-routes.ts';
import { BankWatch } from './bank-watch.ts';
import type { ControlPlaneOptions } from './control-plane-options.ts';
import { createViews } from './create-views.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { HealthKeeper } from './health-keeper.ts';
import { logPortChanges } from './port-log.ts';
import { NewImports } from './new-imports.ts';
import { PortKeeper } from './port-keeper.ts';
import { ProblemLog } from './problem-log.ts';
import { Publisher } from './publisher.ts';
import { RebuildLoop } from './rebuild-loop.ts';
import { toRebuildTiming } from './rebuild-timing.ts';
import { ShrinkWatch } from './shrink-watch.ts';
import { StartGate } from './start-gate.ts';
import { toRebuiltState } from './rebuilt-state.ts';
import type { TraefikWatch } from './traefik-watch.ts';
import { restoreLedger } from './restore-ledger.ts';

/** The running whole: sources tracked it, the pipeline makes documents of it, the ledger holds its ports, `published` has its answers. */
export class ControlPlane {
  readonly published: Publisher;
  readonly inspection: Inspection;
  /** The same in parts, for who looks at one after the other. */
  readonly listing: LiveListing;
  /** For `fairlead edge`: what its hosts run. */
  readonly banks: BankWatch;
  /** What the Traefiks say whose APIs are known. */
  readonly traefiks: TraefikWatch;
  readonly #options: ControlPlaneOptions;
  readonly #pipeline: Pipeline;
  readonly #addresses: FleetAddresses;
  readonly #absent: AbsentSources;
  readonly #newImports = new NewImports();
  readonly #expiry: ExpiryWatch;
  readonly #keeper: PortKeeper;
  readonly #health: HealthKeeper;
  readonly #loop: RebuildLoop;
  readonly #tracker: SourceTracker;
  readonly #shrinks: ShrinkWatch;
  readonly #gate: StartGate;
  readonly #problemLog: ProblemLog;
  readonly #announcements: Announcements;
  /** Holders whose ports may be announced since the last rebuild. */
  #released: readonly ObjectKey[] = [];
  /** Whether the ledger, or problems that the pipeline knows nothing of, have changed since they were reported. */
  #hasNews = true;
  readonly #rebuilt: RebuiltState;

  constructor(options: ControlPlaneOptions) {
    const { settings, sources, log } = options;
    this.#options = options;
    this.#pipeline = new Pipeline(settings);
    this.#addresses = new FleetAddresses(settings);
    this.#absent = createAbsentSources(settings);
    this.published = Publisher.of(settings.fleets);
    this.#tracker = new SourceTracker({
      settings,
      sources,
      log,
      changed: () => this.#loop.request(),
      problemsChanged: () => this.#tellAnew(),
    });
    this.#shrinks = new ShrinkWatch({
      ...options,
      served: toServedRoutes(this.#pipeline),
      isWhole: (source) => this.#tracker.whole.has(source),
      changed: () => this.#loop.request(),
    });
    this.#gate = new StartGate({
      keepsLastKnown: settings.lastKnownGood !== null,
      published: this.published,
      tracker: this.#tracker,
      shrinks: this.#shrinks,
      keeper: () => this.#keeper,
      changed: () => this.#loop.request(),
    });
    this.#expiry = new ExpiryWatch(settings.certificates.warnBeforeMs, () => this.#loop.request());
    this.#problemLog = new ProblemLog(log);
    ({ traefiks: this.traefiks, announcements: this.#announcements } = followTraefiks({
      settings,
      published: this.published,
      changed: () => this.#tellAnew(),
      released: (services) => {
        this.#released = [...this.#released, ...services];
        this.#loop.request();
      },
    }));
    this.#loop = new RebuildLoop(toRebuildTiming(settings.provider, this.#tracker), () => this.#rebuild());
    this.#keeper = this.#toKeeper();
    this.#health = new HealthKeeper({
      limits: settings.healthChecks,
      board: options.healthBoard ?? createMemoryBoard(),
      log,
      mayCheck: () => options.cluster?.leader.isLeader ?? true,
      changed: () => this.#tellAnew(),
    });
    this.banks = this.#toBankWatch();
    const parts = { pipeline: this.#pipeline, addresses: this.#addresses, tracker: this.#tracker };
    const problems = (): readonly Problem[] => this.#problems();
    this.#rebuilt = toRebuiltState({ ...parts, announcements: this.#announcements, problems });
    ({ inspection: this.inspection, listing: this.listing } = createViews({
      ...parts,
      banks: () => this.banks.states,
      problems: () => [...(options.besides?.() ?? []), ...problems()],
      shrinks: () => this.#shrinks.rows,
      clockLag: () => this.#keeper.clockLag,
      traefiks: this.traefiks,
    }));
  }

  /** Loads the ledger and starts the sources. @throws LedgerDamagedError and other errors of the ledger. */
  async start(): Promise<void> {
    await this.#keeper.start();
    await Promise.all([this.#health.start(), this.#shrinks.start()]);
    this.#startLeaderTasks();
    this.banks.start();
    this.traefiks.start();
    this.#gate.update();
    this.#tracker.start();
    this.#gate.start();
    this.#loop.request();
  }

  #startLeaderTasks(): void {
    const { cluster } = this.#options;
    cluster?.writeBack.onProblems(() => this.#tellAnew());
    cluster?.leader.onChange(() => {
      cluster.writeBack.lead();
      this.#health.lead();
      this.banks.lead();
      void this.#keeper.settle();
    });
    cluster?.leader.start();
  }

  /** Resolves once all work has ended. What was published stays readable. */
  async stop(): Promise<void> {
    this.#loop.stop();
    this.#gate.stop();
    this.#expiry.stop();
    this.#announcements.stop();
    this.traefiks.stop();
    // Whatever writes before the leadership ends, and all that before the sources, whose connections it uses.
    const { cluster, ledger } = this.#options;
    const writers = [this.#keeper, this.#health, this.banks, this.#shrinks, cluster?.writeBack];
    await Promise.all(writers.map(async (writer) => writer?.stop()));
    await cluster?.leader.stop();
    await ledger.close();
    await this.#tracker.stop();
  }

  #toKeeper(): PortKeeper {
    const { settings, ledger, log } = this.#options;
    return new PortKeeper({
      ledger,
      fleets: settings.fleets,
      log,
      claims: () => this.#pipeline.portClaims(),
      keep: (holder) =>
        this.#absent.includes(holder.source) ||
        this.#tracker.isUnread(holder.source) ||
        hidesClaims(this.#tracker.unread, holder),
      mayWrite: () => this.#mayWrite,
      polls: () => this.banks.known,
      restore: () =>
        restoreLedger(this.#pipeline, this.#tracker.all, this.#addresses.fleets, this.#gate.runningMs),
      committed: (before, after) => logPortChanges(log, before, after, this.#addresses.fleets),
      changed: () => this.#tellAnew(),
      failed: () => this.#options.observer?.ledgerFailed(),
      conflicted: () => this.#options.observer?.conflicted('ledger'),
    });
  }

  /** What stands of a source, or of all, was meant. As `ShrinkWatch.confirm`. */
  confirm(source?: string): Promise<readonly string[]> {
    return this.#shrinks.confirm(source);
  }

  #toBankWatch(): BankWatch {
    const { settings, cluster } = this.#options;
    return new BankWatch({
      fleets: settings.fleets,
      hosts: this.published.hosts,
      board: cluster?.board,
      isLeader: () => this.#mayWrite,
      states: () => this.#keeper.banks,
      changed: () => {
        void this.#keeper.settle();
        this.#tellAnew();
      },
    });
  }

  /** Nobody else can write to a file of this machine. */
  get #mayWrite(): boolean {
    const { settings, cluster } = this.#options;
    return 'file' in settings.ledger || (cluster?.leader.isLeader ?? true);
  }

  /** Problems that the pipeline knows nothing of have changed. */
  #tellAnew(): void {
    this.#hasNews = true;
    this.#loop.request();
  }

  #rebuild(): void {
    const started = performance.now();
    const { failing } = this.#health;
    const { changes, since } = this.#tracker.take();
    const { unread } = this.#tracker;
    const outcome = this.#pipeline.update(this.#shrinks.pass(changes), this.#keeper.state, failing, unread);
    this.listing.changed(outcome.units);
    if (this.#shrinks.hasNews()) this.#hasNews = true;
    if (this.#tracker.complete()) this.#hasNews = true;
    if (this.#expiry.update(this.#pipeline.certificates())) this.#hasNews = true;
    const isWhole = (source: string): boolean => this.#tracker.whole.has(source);
    if (this.#newImports.update(this.#pipeline.importedNumbers(), this.#tracker.all)) this.#hasNews = true;
    if (this.#addresses.update(this.#pipeline.store, outcome.touched, isWhole)) this.#hasNews = true;
    // Ports first at the start: the first answer has to hold those that the claims get.
    if (outcome.claimsChanged || !this.#gate.portsSettled) void this.#gate.settlePorts();
    if (this.#gate.isOpen)
      this.published.publishChanged(outcome.documents, (...of) => this.#pipeline.toPieces(...of), since);
    if (outcome.claimsChanged) this.#tracker.waitOn(since);
    this.#gate.update();
    this.#announcements.update(this.#pipeline.ledger, this.#pipeline.ledPorts());
    // Not before all is known that there is to check: what failed is not forgotten in between.
    if (this.#gate.portsSettled && this.#health.update(this.#pipeline.healthChecks())) this.#hasNews = true;
    const hasNews = outcome.problemsChanged || this.#hasNews;
    this.#hasNews = false;
    if (hasNews) this.#problemLog.update(this.#problems());
    const users = this.#released.flatMap((holder) => [holder, ...this.#pipeline.portUsersOf(holder)]);
    const units = new Set([...outcome.units, ...users]);
    const isNews = hasNews || this.#released.length > 0;
    this.#released = [];
    this.#options.cluster?.writeBack.update(this.#rebuilt, units, isNews);
    this.#options.observer?.rebuilt((performance.now() - started) / 1_000);
  }

  #problems(): readonly Problem[] {
    return [
      ...checkPools(this.#settings),
      ...this.#absent.problems(this.#keeper.state ?? emptyLedger),
      ...this.#addresses.problems,
      ...this.#pipeline.withoutIdleDuplicates(this.#tracker.problems),
      // What seems to be missing may yet come.
      ...this.#pipeline.problems().filter(({ subject }) => !this.#tracker.isUnread(subject.source)),
      ...[this.#shrinks, this.#expiry, this.#newImports, this.#keeper, this.#health].flatMap(
        ({ problems }) => problems,
      ),
      ...this.banks.problems(this.#keeper.state),
      ...this.traefiks.problems(this.#pipeline),
      ...(this.#options.cluster?.writeBack.problems ?? []),
    ];
  }

  get #settings(): Settings {
    return this.#options.settings;
  }
}
