import { isLate, toTraefikProblems } from '../inspect/traefik-problems.ts';
import { parseDocumentName, type DocumentName } from '../model/document-name.ts';
import { parseObjectKey, toObjectKey } from '../model/object-ref.ts';
import type { HeldPort } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { ReportOutcome, TraefikState } from '../model/traefik-state.ts';
import { TraefikViews, type TraefikView } from '../inspect/traefik-views.ts';
import type { FleetSettings } from '../settings/settings.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { findTargets, toTargetName } from '../traefik-api/find-targets.ts';
import type { ServedAnswer } from './announcements.ts';
import { EdgeReports } from './edge-reports.ts';
import type { Publisher } from './publisher.ts';
import { TraefikSeat, type SeatJudgement } from './traefik-seat.ts';

export interface TraefikWatchOptions {
  readonly fleets: readonly FleetSettings[];
  readonly published: Pick<Publisher, 'current' | 'hosts' | 'onFetched' | 'replacedAt' | 'sequenceOf'>;
  /** What the Traefiks say, or whether they say anything, has changed. */
  readonly changed: () => void;
}

const timeoutMs = 2_000;
/** How often the names in URLs are looked up again. */
const lookUpMs = 30_000;
/** How long somebody who wants to know is kept waiting at the most. */
const patienceMs = 1_500;

/**
 * Knows what the Traefiks have applied whose APIs are configured, and those that `fairlead edge` runs and reports. Every replica asks by itself: each shows it, and whoever leads has to know
 * before it announces a port. A Traefik is asked soon after something was fetched, until it has applied it, and then seldom.
 */
export class TraefikWatch {
  readonly #options: TraefikWatchOptions;
  readonly #views: TraefikViews;
  readonly #reports: EdgeReports;
  readonly #seats = new Map<string, TraefikSeat>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: TraefikWatchOptions) {
    this.#options = options;
    this.#views = new TraefikViews(options.fleets);
    this.#reports = new EdgeReports({ ...options, isLate: (state) => this.#judge(state).isLate });
  }

  start(): void {
    if (this.#options.fleets.every(({ api = [] }) => api.length === 0)) return;
    this.#options.published.onFetched(() => this.#hurry());
    void this.#findSeats();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const seat of this.#seats.values()) seat.stop();
    this.#reports.stop();
  }

  /** `fairlead edge` on a host says what its Traefiks have applied. As `EdgeReports.take`. */
  reported(fleet: string, host: string, body: unknown): ReportOutcome {
    return this.#reports.take(fleet, host, body);
  }

  /** Those of all fleets, in the order of the configuration; those that hosts report after them. */
  views(): readonly TraefikView[] {
    const states = [...[...this.#seats.values()].map(({ state }) => state), ...this.#reports.states()];
    return states.map((state) => this.#views.of(state, this.#options.published));
  }

  problems(pipeline: Pick<Pipeline, 'documents' | 'store'>): readonly Problem[] {
    return toTraefikProblems({
      views: this.views(),
      ownerOf: ({ fleet, bank }, fault) => {
        const owner = pipeline.documents.routerOwner(fleet, bank, fault);
        // What closes free ports is of no object.
        return owner === undefined
          ? undefined
          : pipeline.store.get(toObjectKey(parseObjectKey(owner)))?.meta.ref;
      },
      now: performance.now(),
    });
  }

  /** The bank whose Traefiks serve an entryPoint. */
  bankOf(fleet: string, entryPoint: string): number {
    return this.#views.bankOf(fleet, entryPoint);
  }

  /**
   * Whether all Traefiks of a port's bank that answer serve it, with a state of its document or a later one; undefined while one was not
   * asked yet or does not answer, where there is none, and where a host polls whose Traefik is not reported while others are. What a host
   * reports holds a port back for a bounded time (`waits`).
   */
  serves(held: HeldPort, document: DocumentName, sequence: number): ServedAnswer {
    const { bank } = parseDocumentName(document);
    const views = this.views().filter(
      (view) => view.fleet === held.fleet && (view.bank === bank || view.seen === null),
    );
    const names = this.#views.entryPointsOf(held);
    const answering = views.filter(({ error, seen }) => error === null && seen !== null);
    const without = answering.filter(({ seen, missing, faults }) => {
      const has = this.#options.published.sequenceOf(document, seen?.revision ?? '') ?? -1;
      const isRefused = [...faults.values()].some(
        ({ status, entryPoints }) =>
          status === 'disabled' && entryPoints.some((name) => names.includes(name)),
      );
      return has < sequence || isRefused || names.some((name) => missing.has(name));
    });
    if (without.some(({ host }) => host === undefined)) return false;
    if (without.length > 0) return 'waits';
    if (views.length === 0 || answering.length < views.length) return undefined;
    const isPartial = views.some(({ host }) => host !== undefined) && !this.#isReported(held.fleet, bank);
    return isPartial ? undefined : true;
  }

  /** Whether all hosts that poll the bank report. */
  #isReported(fleet: string, bank: number): boolean {
    const hosts = this.#options.published.hosts.polls().get(fleet) ?? new Map<string, Set<number>>();
    return [...hosts].every(([host, banks]) => !banks.has(bank) || this.#reports.has(fleet, host, bank));
  }

  /** Asks those that were not asked for a moment. Resolves when they have answered, or soon. */
  async refresh(): Promise<void> {
    await Promise.race([
      Promise.all([...this.#seats.values()].map((seat) => seat.refresh())),
      new Promise((resolve) => setTimeout(resolve, patienceMs).unref()),
    ]);
  }

  async #findSeats(): Promise<void> {
    const found = await Promise.all(
      this.#options.fleets.flatMap(({ name: fleet, api = [] }) =>
        api.map(async (url) =>
          (await findTargets(url, timeoutMs)).map((target) => ({
            fleet,
            target,
            name: toTargetName(target),
          })),
        ),
      ),
    );
    if (this.#isStopped) return;
    const wanted = new Map(found.flat().map((each) => [`${each.fleet} ${each.name}`, each]));
    const gone = [...this.#seats].filter(([key]) => !wanted.has(key));
    for (const [key, seat] of gone) {
      seat.stop();
      this.#seats.delete(key);
    }
    for (const [key, each] of wanted) {
      if (this.#seats.has(key)) continue;
      const { changed } = this.#options;
      this.#seats.set(key, new TraefikSeat({ ...each, changed, judge: (state) => this.#judge(state) }));
    }
    if (gone.length > 0) this.#options.changed();
    this.#timer = setTimeout(() => void this.#findSeats(), lookUpMs).unref();
  }

  /** Those that have not what is current are asked soon. */
  #hurry(): void {
    for (const seat of this.#seats.values()) seat.hurry();
  }

  #judge(state: TraefikState): SeatJudgement {
    const view = this.#views.of(state, this.#options.published);
    const { standing, missing, faults } = view;
    // A fault is not waited out: it may be mended by a start that brings no other answer.
    const isSettled = standing === 'current' && missing.size + faults.size === 0;
    return { isSettled, isLate: isLate(view, performance.now()) };
  }
}
