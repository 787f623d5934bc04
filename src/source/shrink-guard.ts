import { toObjectKey, toObjectPath, type ObjectKey, type ObjectRef } from '../model/object-ref.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { Change } from '../model/snapshot.ts';
import type { SourceListener, SourceState } from './source.ts';

/** Which source is guarded, and from when on a loss counts as one beyond reason. */
export interface ShrinkGuardOptions {
  readonly source: string;
  /** How long a loss is held back; 30 seconds when not given. */
  readonly holdMs?: number;
  /** With fewer known objects nothing is ever held; 50 when not given. */
  readonly minimum?: number;
  /** Calls back once after some milliseconds, and gives what calls that off; `setTimeout` when not given. */
  readonly startTimer?: (callback: () => void, delayMs: number) => () => void;
}

/** A listener that stands before another one. */
export interface ShrinkGuard extends SourceListener {
  /** Ends the guard. What it holds is not delivered any more, and the listener behind it is not called. */
  close(): void;
}

interface Hold {
  readonly changes: ReadonlyMap<ObjectKey, Change>;
  readonly lost: number;
  readonly known: number;
  readonly cancel: () => void;
}

/**
 * Puts a guard before a listener: a batch that deletes more than half of the Services and Ingresses of a synced source is held
 * back, with all that follows, for a while. An unmounted folder or an API server that answers wrongly must not take down every
 * route. When the objects come back earlier, what is left of the changes is delivered at once; else when the time is up.
 */
export function guardShrink(listener: SourceListener, options: ShrinkGuardOptions): ShrinkGuard {
  return new Guard(listener, options);
}

class Guard implements ShrinkGuard {
  readonly #listener: SourceListener;
  readonly #options: Required<ShrinkGuardOptions>;
  readonly #known = new Set<ObjectKey>();
  #problems: readonly Problem[] = [];
  #synced = false;
  #closed = false;
  #hold: Hold | undefined;

  constructor(listener: SourceListener, options: ShrinkGuardOptions) {
    this.#listener = listener;
    this.#options = { holdMs: 30_000, minimum: 50, startTimer: startTimeout, ...options };
  }

  changed(changes: readonly Change[]): void {
    if (this.#closed) return;
    const merged = merge(this.#hold?.changes, changes);
    const lost = countLost(merged, this.#known);
    const { minimum } = this.#options;
    const tooMuch = this.#synced && this.#known.size >= minimum && lost > this.#known.size / 2;
    if (this.#hold !== undefined) {
      this.#hold = { ...this.#hold, changes: merged };
      if (!tooMuch) this.#release();
    } else if (tooMuch) this.#begin(merged, lost);
    else this.#deliver(changes);
  }

  problems(problems: readonly Problem[]): void {
    this.#problems = problems;
    if (!this.#closed) this.#tellProblems();
  }

  state(state: SourceState): void {
    if (this.#closed) return;
    if (state.kind === 'synced') this.#synced = true;
    this.#listener.state(state);
  }

  close(): void {
    this.#closed = true;
    this.#hold?.cancel();
  }

  #begin(changes: ReadonlyMap<ObjectKey, Change>, lost: number): void {
    const cancel = this.#options.startTimer(() => this.#release(), this.#options.holdMs);
    this.#hold = { changes, lost, known: this.#known.size, cancel };
    this.#tellProblems();
  }

  #release(): void {
    if (this.#hold === undefined || this.#closed) return;
    const { changes, cancel } = this.#hold;
    cancel();
    this.#hold = undefined;
    this.#deliver([...changes.values()]);
    this.#tellProblems();
  }

  #deliver(changes: readonly Change[]): void {
    for (const change of changes) {
      const ref = toRef(change);
      if (!isCounted(ref)) continue;
      if (change.kind === 'set') this.#known.add(toObjectKey(ref));
      else this.#known.delete(toObjectKey(ref));
    }
    if (changes.length > 0) this.#listener.changed(changes);
  }

  #tellProblems(): void {
    const { source, holdMs } = this.#options;
    const own = this.#hold === undefined ? [] : [toShrunk(source, this.#hold, holdMs)];
    this.#listener.problems([...own, ...this.#problems]);
  }
}

/** The last change of each object, in the order in which the objects were last changed. */
function merge(
  held: ReadonlyMap<ObjectKey, Change> | undefined,
  changes: readonly Change[],
): Map<ObjectKey, Change> {
  const merged = new Map(held);
  for (const change of changes) {
    const key = toObjectKey(toRef(change));
    merged.delete(key);
    merged.set(key, change);
  }
  return merged;
}

function countLost(changes: ReadonlyMap<ObjectKey, Change>, known: ReadonlySet<ObjectKey>): number {
  let lost = 0;
  for (const [key, change] of changes) if (change.kind === 'delete' && known.has(key)) lost += 1;
  return lost;
}

function toRef(change: Change): ObjectRef {
  return change.kind === 'set' ? change.object.meta.ref : change.ref;
}

function isCounted({ kind }: ObjectRef): boolean {
  return kind === 'Service' || kind === 'Ingress';
}

function toShrunk(source: string, { lost, known, changes }: Hold, holdMs: number): Problem {
  const [example] = [...changes.values()].filter((change) => change.kind === 'delete').map(toRef);
  const named = example === undefined ? '' : `, such as ${toObjectPath(example)}`;
  return toProblem(
    'source-shrunk',
    { source, kind: 'Source', namespace: '', name: source },
    {
      message: `The source ${source} lost ${lost} of ${known} Services and Ingresses at once${named}; its former state is served for ${Math.round(holdMs / 1000)} s.`,
      hint: 'Nothing is to be done when they were meant to go; else bring them back before the time is up.',
    },
  );
}

function startTimeout(callback: () => void, delayMs: number): () => void {
  const timeout = setTimeout(callback, delayMs);
  return () => clearTimeout(timeout);
}
