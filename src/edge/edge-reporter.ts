import { describeApiError, type ApiTarget } from '../traefik-api/ask-api.ts';
import { toEdgeReport, type EdgeTraefik } from '../traefik-api/edge-report.ts';
import { readAppliedRevision, readTraefik } from '../traefik-api/read-traefik.ts';
import type { EdgeClient } from './edge-client.ts';
import { toApiAddress } from './process-config.ts';
import type { BankProcess } from './bank-process.ts';

export interface EdgeReporterOptions {
  /** The Traefiks to be reported, one for each bank. */
  readonly traefiks: {
    readonly fleet: string | undefined;
    readonly current: readonly Pick<BankProcess, 'bank' | 'config' | 'id'>[];
  };
  readonly client: Pick<EdgeClient, 'report'>;
}

/** How often a Traefik is asked which answer it has applied. */
const lookMs = 500;
/** What it says besides is read when that has changed, and as often as this. */
const readMs = 30_000;
/** Between two reports that say the same. The server forgets what is three times as old. */
const repeatMs = 5_000;
/** Until one more is tried with a server that takes none: it may be a newer one by then. */
const unknownMs = 60_000;
const timeoutMs = 2_000;

interface Known extends EdgeTraefik {
  readonly readAt: number;
}

/** Tells Fairlead what the Traefiks of this host have applied, since nobody else reaches their APIs: when that changes, and then seldom. */
export class EdgeReporter {
  readonly #options: EdgeReporterOptions;
  /** By the id of the process. */
  #known: ReadonlyMap<string, Known> = new Map();
  #nextAt = -Infinity;
  #pausedUntil = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: EdgeReporterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#looking = this.#look().finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), lookMs);
    });
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { traefiks, client } = this.#options;
    const { fleet } = traefiks;
    if (fleet === undefined || performance.now() < this.#pausedUntil) return;
    const read = traefiks.current.map(async (each) => [each.id, await this.#read(each)] as const);
    const former = this.#known;
    this.#known = new Map(await Promise.all(read));
    const isSame =
      former.size === this.#known.size && [...this.#known].every(([id, row]) => former.get(id) === row);
    const now = performance.now();
    if (this.#isStopped || (isSame && now < this.#nextAt)) return;
    const rows = [...this.#known.values()].map(({ bank, seen, error }) => ({ bank, seen, error }));
    const outcome = await client.report(fleet, toEdgeReport(rows));
    this.#nextAt = now + repeatMs;
    if (outcome !== 'taken') this.#pausedUntil = now + (outcome === 'unknown' ? unknownMs : repeatMs);
  }

  async #read({ id, bank, config }: EdgeReporterOptions['traefiks']['current'][number]): Promise<Known> {
    const target: ApiTarget = { url: `http://${toApiAddress(config)}`, timeoutMs };
    const known = this.#known.get(id);
    const now = performance.now();
    try {
      if (known?.seen && known.error === null && now - known.readAt < readMs) {
        if ((await readAppliedRevision(target)) === known.seen.revision) return known;
      }
      return { bank, seen: await readTraefik(target, known?.seen ?? null), error: null, readAt: now };
    } catch (error) {
      const next = { bank, seen: known?.seen ?? null, error: describeApiError(error, timeoutMs) };
      return known?.error === next.error ? known : { ...next, readAt: now };
    }
  }
}
