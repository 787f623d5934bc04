import { toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceRow } from '../model/published.ts';
import type { Change } from '../model/snapshot.ts';
import type { UnreadKinds } from '../model/unread-kinds.ts';
import type { Source, SourceState } from '../source/source.ts';

/** What a source has delivered so far. */
export interface Delivery {
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
  readonly row: Omit<SourceRow, 'objects'>;
  readonly unread: UnreadKinds;
}

/** How long a source that does not answer is waited for. */
const patienceMs = 5_000;

/** Starts a source and keeps what it delivers, until it is stopped. */
export class SourceReading {
  /** Resolves when it has delivered all it has, or cannot be read, or has not answered for a while. */
  readonly settled: Promise<void>;
  readonly #source: Source;
  /** The last change of each object. */
  readonly #changes = new Map<ObjectKey, Change>();
  #problems: readonly Problem[] = [];
  #unread: UnreadKinds = [];
  #row: Delivery['row'];
  #timer: NodeJS.Timeout | undefined;

  /** @param changed Called with each sign of a change, whatever it is of. */
  constructor(source: Source, changed: () => void = () => undefined) {
    this.#source = source;
    this.#row = { name: source.name, state: 'starting', detail: '', lastSync: null };
    this.settled = new Promise((resolve) => {
      source.start({
        changed: (batch) => {
          for (const change of batch) this.#changes.set(toKey(change), change);
          changed();
        },
        problems: (list) => {
          this.#problems = list;
          changed();
        },
        state: (state) => {
          this.#take(state, resolve);
          changed();
        },
      });
    });
  }

  /** As it is now. */
  get delivery(): Delivery {
    return {
      changes: [...this.#changes.values()],
      problems: this.#problems,
      row: this.#row,
      unread: this.#unread,
    };
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#source.stop();
  }

  #take(state: SourceState, settle: () => void): void {
    const detail = state.kind === 'synced' ? '' : state.detail;
    const lastSync = state.kind === 'synced' ? new Date().toISOString() : null;
    this.#row = { name: this.#source.name, state: state.kind, detail, lastSync };
    this.#unread = 'unread' in state ? (state.unread ?? []) : [];
    clearTimeout(this.#timer);
    if (state.kind === 'starting') this.#timer = setTimeout(settle, patienceMs);
    else settle();
  }
}

function toKey(change: Change): ObjectKey {
  return toObjectKey(change.kind === 'set' ? change.object.meta.ref : change.ref);
}
