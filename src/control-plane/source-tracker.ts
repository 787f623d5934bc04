import type { Logger } from 'pino';
import { toProblem, type Problem } from '../model/problem.ts';
import type { SourceRow } from '../model/published.ts';
import type { Change } from '../model/snapshot.ts';
import { noneUnread, type UnreadBySource, type UnreadKinds } from '../model/unread-kinds.ts';
import type { Settings } from '../settings/settings.ts';
import type { Source, SourceListener, SourceState } from '../source/source.ts';

/** A source with what it last said of itself. */
export interface TrackedSource {
  readonly source: Source;
  readonly required: boolean;
  state: SourceState;
  problems: readonly Problem[];
  /** It has delivered everything, which counts from the rebuild on that takes it over. */
  hasDelivered: boolean;
  hasSynced: boolean;
  /** When it was last in step, RFC 3339; null: it is, or has not been yet. */
  lastSync: string | null;
}

export interface SourceTrackerOptions {
  readonly settings: Settings;
  readonly sources: readonly Source[];
  readonly log: Logger;
  /** A source has said something new. */
  readonly changed: () => void;
  /** Its problems have changed. */
  readonly problemsChanged: () => void;
}

/** All sources: what they have delivered since the last rebuild, and how they stand. */
export class SourceTracker {
  readonly all: readonly TrackedSource[];
  readonly #options: SourceTrackerOptions;
  #pending: Change[] = [];
  #pendingSince: number | undefined;
  #whole: ReadonlySet<string> = new Set();
  #unread = noneUnread;

  constructor(options: SourceTrackerOptions) {
    this.#options = options;
    this.all = options.sources.map((source) => toTrackedSource(source, options.settings));
  }

  /** The sources of which all is known: another set when there is another one. */
  get whole(): ReadonlySet<string> {
    return this.#whole;
  }

  /** The kinds that may not be read: another map when they are others. */
  get unread(): UnreadBySource {
    return this.#unread;
  }

  /** Whether a required source has not delivered everything for the first time. */
  get isReading(): boolean {
    return this.all.some(({ required, hasDelivered }) => required && !hasDelivered);
  }

  get problems(): readonly Problem[] {
    return this.all.flatMap((tracked) => [...toKeptProblems(tracked), ...tracked.problems]);
  }

  start(): void {
    for (const tracked of this.all) tracked.source.start(this.#toListener(tracked));
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((tracked) => tracked.source.stop()));
  }

  /** What has been delivered since the last call, and when the first of it was, on the clock of `performance.now`. */
  take(): { readonly changes: readonly Change[]; readonly since: number | undefined } {
    const [changes, since] = [this.#pending, this.#pendingSince];
    this.#pending = [];
    this.#pendingSince = undefined;
    return { changes, since };
  }

  /** What was taken waits for something that has to come first: its time goes on with what is taken next. */
  waitOn(since: number | undefined): void {
    this.#pendingSince ??= since;
  }

  /**
   * Counts the sources that have delivered everything as synced. Not before their objects are in the pipeline: ports are settled
   * at any time, and would be taken from holders not yet seen. Returns whether there are new ones.
   */
  complete(): boolean {
    const before = this.#whole;
    for (const tracked of this.all) {
      if (!tracked.hasDelivered || tracked.hasSynced) continue;
      tracked.hasSynced = true;
      this.#whole = new Set([...this.#whole, tracked.source.name]);
    }
    return this.#whole !== before;
  }

  /** Whether a source of this name is configured of which not all is known yet. */
  isUnread(name: string): boolean {
    return this.all.some((tracked) => tracked.source.name === name && !tracked.hasSynced);
  }

  /** @param count How many objects of a source there are. */
  rows(count: (source: string) => number): readonly SourceRow[] {
    return this.all.map(({ source, state, lastSync }) => ({
      name: source.name,
      state: state.kind,
      detail: state.kind === 'synced' ? '' : state.detail,
      ...(state.kind === 'stale' && state.kept !== undefined && { kept: state.kept }),
      objects: count(source.name),
      lastSync: state.kind === 'synced' ? new Date().toISOString() : lastSync,
    }));
  }

  #setUnread(source: string, unread: UnreadKinds): void {
    if ((this.#unread.get(source) ?? []).join() !== unread.join())
      this.#unread = new Map([...this.#unread, [source, unread]]);
  }

  #toListener(tracked: TrackedSource): SourceListener {
    const { changed, problemsChanged } = this.#options;
    const log = this.#options.log.child({ source: tracked.source.name });
    return {
      changed: (changes) => {
        this.#pendingSince ??= performance.now();
        for (const change of changes) this.#pending.push(change);
        changed();
      },
      problems: (problems) => {
        tracked.problems = problems;
        problemsChanged();
      },
      state: (state) => {
        if (state.kind !== tracked.state.kind) logState(log, state);
        if (tracked.state.kind === 'synced') tracked.lastSync = new Date().toISOString();
        const wasKept = isKept(tracked.state);
        tracked.state = state;
        if (wasKept !== isKept(state)) problemsChanged();
        if (state.kind !== 'starting') this.#setUnread(tracked.source.name, state.unread ?? []);
        // A stale one has delivered what it was last known to have.
        if (state.kind !== 'starting') tracked.hasDelivered = true;
        changed();
      },
    };
  }
}

function logState(log: Logger, state: SourceState): void {
  if (state.kind === 'synced') log.info('source is synced');
  else log.warn({ detail: state.detail }, state.kind === 'stale' ? 'source is stale' : 'source is starting');
}

function isKept(state: SourceState): boolean {
  return state.kind === 'stale' && state.kept !== undefined;
}

/** That a source is served from a file: everything looks well then, and is of yesterday. */
function toKeptProblems({ source: { name }, state }: TrackedSource): readonly Problem[] {
  if (state.kind !== 'stale' || state.kept === undefined) return [];
  const subject = { source: name, kind: 'Source', namespace: '', name };
  const message = `The source ${name} has not answered since the start; what it had at ${state.kept} is served (lastKnownGood).`;
  const hint = 'See that it can be read: nothing that has changed since then is served.';
  return [toProblem('last-known-good-served', subject, { message, hint })];
}

/** A tracked that nothing has been heard of yet. */
function toTrackedSource(source: Source, settings: Settings): TrackedSource {
  return {
    source,
    required: settings.sources.find((each) => each.name === source.name)?.required ?? true,
    state: { kind: 'starting', detail: 'not read yet' },
    problems: [],
    hasDelivered: false,
    hasSynced: false,
    lastSync: null,
  };
}
