import { toMoment } from '../lib/moment.ts';
import { listBanks } from '../model/bank.ts';
import type { ReportOutcome, TraefikState } from '../model/traefik-state.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { readEdgeReport, type EdgeTraefik } from '../traefik-api/edge-report.ts';
import { toNextTraefikState } from './next-traefik-state.ts';

export interface EdgeReportOptions {
  readonly fleets: readonly FleetSettings[];
  readonly isLate: (state: TraefikState) => boolean;
  /** What hosts report has changed. */
  readonly changed: () => void;
  /** How long a report counts, in milliseconds; default 15 s. */
  readonly forgetMs?: number;
}

interface Reported {
  /** By bank. */
  readonly states: ReadonlyMap<number, TraefikState>;
  readonly hasLate: boolean;
  readonly timer: NodeJS.Timeout;
}

/** So many hosts of one fleet are kept. */
const mostHosts = 200;
/** A host reports every 5 s. In less time than a Traefik has to apply an answer what it no longer reports is forgotten: it is never late. */
const usualForgetMs = 15_000;

/** What `fairlead edge` on each host says that its Traefiks have applied. */
export class EdgeReports {
  readonly #options: EdgeReportOptions;
  /** By fleet and host. */
  readonly #fleets: ReadonlyMap<string, Map<string, Reported>>;

  constructor(options: EdgeReportOptions) {
    this.#options = options;
    this.#fleets = new Map(options.fleets.map(({ name }) => [name, new Map()]));
  }

  stop(): void {
    for (const hosts of this.#fleets.values()) for (const { timer } of hosts.values()) clearTimeout(timer);
  }

  /** @param body JSON that somebody sent. It takes the place of what that host has reported before, and of nothing else. */
  take(fleet: string, host: string, body: unknown): ReportOutcome {
    const hosts = this.#fleets.get(fleet);
    if (hosts === undefined) return 'unknown-fleet';
    const former = hosts.get(host);
    if (former === undefined && hosts.size >= mostHosts) return 'full';
    const banks = new Set(this.#banksOf(fleet));
    const traefiks = readEdgeReport(body)?.filter(({ bank }) => banks.has(bank));
    if (traefiks === undefined) return 'unusable';
    clearTimeout(former?.timer);
    const next = traefiks.map((each) => this.#next(fleet, host, each, former));
    const states = new Map(next.map(({ bank, state }) => [bank, state]));
    const hasLate = [...states.values()].some((state) => this.#options.isLate(state));
    const { forgetMs = usualForgetMs } = this.#options;
    const timer = setTimeout(() => this.#forget(fleet, host), forgetMs).unref();
    hosts.set(host, { states, hasLate, timer });
    const isFewer = former !== undefined && former.states.size !== states.size;
    if (isFewer || hasLate !== (former?.hasLate ?? false) || next.some(({ hasNews }) => hasNews))
      this.#options.changed();
    return 'taken';
  }

  /** In the order of the fleets and the names of the hosts. */
  states(): readonly TraefikState[] {
    return [...this.#fleets.values()].flatMap((hosts) =>
      [...hosts].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, { states }]) => [...states.values()]),
    );
  }

  /** Whether the host reports a Traefik of that bank. */
  has(fleet: string, host: string, bank: number): boolean {
    return this.#fleets.get(fleet)?.get(host)?.states.has(bank) === true;
  }

  #next(fleet: string, host: string, { bank, seen, error }: EdgeTraefik, former: Reported | undefined) {
    const now = toMoment();
    const known = former?.states.get(bank);
    const fresh = { fleet, host, name: `${host} (bank ${bank})`, seen: null, error: null, since: now };
    const { state, hasNews } = toNextTraefikState(known ?? fresh, { seen, error }, now);
    return { bank, state, hasNews: hasNews || known === undefined };
  }

  #banksOf(fleet: string): readonly number[] {
    const settings = this.#options.fleets.find(({ name }) => name === fleet);
    return settings === undefined ? [] : listBanks(settings);
  }

  #forget(fleet: string, host: string): void {
    if (this.#fleets.get(fleet)?.delete(host) === true) this.#options.changed();
  }
}
