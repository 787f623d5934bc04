import type { Problem } from '../model/problem.ts';
import type { ShrinkRow } from '../model/shrink.ts';
import type { Change } from '../model/snapshot.ts';
import {
  createMemoryGuardBoard,
  noNotes,
  type GuardBoard,
  type GuardNotes,
} from '../source/shrink/guard-board.ts';
import type { ControlPlaneOptions } from './control-plane-options.ts';
import { ShrinkGuard } from '../source/shrink/shrink-guard.ts';
import type { ServedRoutes } from '../source/shrink/source-guard.ts';

export interface ShrinkWatchOptions extends Pick<ControlPlaneOptions, 'guardBoard' | 'log' | 'settings'> {
  readonly served: ServedRoutes;
  readonly isWhole: (source: string) => boolean;
  /** Something is to be let through, or said. */
  readonly changed: () => void;
}

/** How often a replica says again that it holds something back, and how long others believe it that do not hear it again. */
const timing = { sayMs: 10_000, believeMs: 30_000 } as const;

/** The guard against losses of most routes at once, with its clock, and what replicas tell each other about it. */
export class ShrinkWatch {
  readonly #options: ShrinkWatchOptions;
  readonly #guard: ShrinkGuard;
  readonly #board: GuardBoard;
  #notes: GuardNotes = noNotes;
  #hasRead = false;
  /** When what others say was last another one, by source: nothing is decided by the clocks of other machines. */
  readonly #heardAt = new Map<string, number>();
  #said: ReadonlySet<string> = new Set();
  #sayTimer: NodeJS.Timeout | undefined;
  #endTimer: NodeJS.Timeout | undefined;
  #heardTimer: NodeJS.Timeout | undefined;
  #shown = '';

  constructor(options: ShrinkWatchOptions) {
    this.#options = options;
    this.#guard = new ShrinkGuard({
      ...options,
      settings: options.settings.provider.shrinkGuard,
      sources: options.settings.sources.map(({ name }) => name),
    });
    this.#board = options.guardBoard ?? createMemoryGuardBoard();
  }

  get rows(): readonly ShrinkRow[] {
    return this.#guard.rows;
  }

  get problems(): readonly Problem[] {
    return this.#guard.problems;
  }

  /** What keeps a replica that has just started from serving: it never saw what others hold back, and would serve less than they do. */
  get waitingFor(): readonly string[] {
    const now = performance.now();
    return [...this.#heardAt].flatMap(([source, at]) =>
      now - at < timing.believeMs && !this.#said.has(source)
        ? [`source ${source}, of which another replica holds back a loss (fairlead confirm)`]
        : [],
    );
  }

  start(): Promise<void> {
    return this.#board.start((notes) => this.#take(notes));
  }

  async stop(): Promise<void> {
    clearTimeout(this.#endTimer);
    clearTimeout(this.#heardTimer);
    clearInterval(this.#sayTimer);
    await this.#board.stop();
  }

  /** What of these changes is to be served now. */
  pass(changes: readonly Change[]): readonly Change[] {
    const passed = this.#guard.pass(changes, performance.now(), Date.now());
    this.#arm();
    this.#say(new Set(this.rows.filter(({ mode }) => mode === 'hold').map(({ source }) => source)));
    return passed;
  }

  /** Whether `rows` are others since the last call. */
  hasNews(): boolean {
    const text = JSON.stringify(this.rows);
    const isNews = text !== this.#shown;
    this.#shown = text;
    return isNews;
  }

  /**
   * What stands of a source, or of all, was meant: on every replica. Resolves with the sources of which something stood here.
   * Rejects when the other replicas cannot be told; here it counts all the same.
   */
  async confirm(source?: string): Promise<readonly string[]> {
    const found = this.#guard.confirm(source);
    const { settings, changed, log } = this.#options;
    log.info({ sources: found }, 'a loss of routes was confirmed');
    this.#heardAt.clear();
    changed();
    const text = new Date().toISOString();
    for (const { name } of settings.sources.filter((each) => source === undefined || each.name === source))
      await this.#board.note('confirmed', name, text);
    return found;
  }

  #take(notes: GuardNotes): void {
    const former = this.#notes;
    this.#notes = notes;
    for (const [source, text] of notes.holding)
      if (former.holding.get(source) !== text) this.#heardAt.set(source, performance.now());
    for (const source of this.#heardAt.keys()) if (!notes.holding.has(source)) this.#heardAt.delete(source);
    if (this.#hasRead)
      for (const [source, text] of notes.confirmed)
        if (former.confirmed.get(source) !== text) {
          this.#guard.confirm(source);
          this.#heardAt.delete(source);
        }
    this.#hasRead = true;
    this.#options.changed();
    clearTimeout(this.#heardTimer);
    if (this.#heardAt.size > 0)
      this.#heardTimer = setTimeout(() => this.#options.changed(), timing.believeMs + 10);
  }

  #arm(): void {
    clearTimeout(this.#endTimer);
    const { endsAt } = this.#guard;
    if (endsAt === undefined) return;
    // Not longer than timers can be.
    const wait = Math.min(Math.max(0, endsAt - performance.now()) + 1, 2 ** 31 - 1);
    this.#endTimer = setTimeout(() => this.#options.changed(), wait);
  }

  /** Says of which sources something is held back, and says it again while it is. */
  #say(sources: ReadonlySet<string>): void {
    const gone = [...this.#said].filter((source) => !sources.has(source));
    const isNew = [...sources].some((source) => !this.#said.has(source));
    this.#said = sources;
    for (const source of gone) this.#note(source, null);
    if (gone.length === 0 && !isNew) return;
    clearInterval(this.#sayTimer);
    const repeat = (): void => {
      for (const source of sources) this.#note(source, new Date().toISOString());
    };
    repeat();
    if (sources.size > 0) this.#sayTimer = setInterval(repeat, timing.sayMs);
  }

  #note(source: string, text: string | null): void {
    this.#board.note('holding', source, text).catch((error: unknown) => {
      this.#options.log.warn({ err: error, source }, 'the other replicas cannot be told what is held back');
    });
  }
}
