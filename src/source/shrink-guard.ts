import { toObjectKey, toObjectPath, type ObjectKey, type ObjectRef } from '../model/object-ref.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { Change } from '../model/snapshot.ts';
import { kinds } from '../kinds/index.ts';
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

type Deletion = Extract<Change, { readonly kind: 'delete' }>;

/** How much of a source: Services and Ingresses, and the namespaces that they are in. */
interface Extent {
  readonly objects: number;
  readonly namespaces: number;
}

interface Hold {
  /** In the order in which the objects went. */
  readonly deletions: ReadonlyMap<ObjectKey, Deletion>;
  /** What there was when it began. */
  readonly known: Extent;
  readonly problem: Problem;
  readonly cancel: () => void;
}

/**
 * Puts a guard before a listener: an unmounted folder or an API server that answers wrongly must not take down every route. That
 * shows as a batch that deletes more than half of the Services and Ingresses of a synced source, out of more than half of its
 * namespaces: the owner of one cannot bring it about. What is deleted then, and deleted after that, goes on being there for a while;
 * whatever else changes is passed on. When enough objects are back earlier, the hold ends at once; else when the time is up.
 */
export function guardShrink(listener: SourceListener, options: ShrinkGuardOptions): ShrinkGuard {
  return new Guard(listener, options);
}

class Guard implements ShrinkGuard {
  readonly #listener: SourceListener;
  readonly #options: Required<ShrinkGuardOptions>;
  /** The Services and Ingresses that were delivered, by namespace. */
  readonly #known = new Map<string, Set<ObjectKey>>();
  #knownObjects = 0;
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
    const { deletions, sets } = divide(this.#hold?.deletions, changes);
    const lost = this.#measureLoss(deletions.values());
    const known = this.#hold?.known ?? { objects: this.#knownObjects, namespaces: this.#known.size };
    if (!this.#isTooMuch(lost, known)) {
      this.#end(this.#hold === undefined ? changes : [...sets, ...deletions.values()]);
      return;
    }
    if (this.#hold === undefined) this.#begin(deletions, lost, known);
    else this.#hold = { ...this.#hold, deletions };
    this.#deliver(sets);
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

  /** A hold that has begun goes on until objects are back, wherever they are. */
  #isTooMuch(lost: Extent, known: Extent): boolean {
    if (!this.#synced || known.objects < this.#options.minimum) return false;
    const isSpread = this.#hold !== undefined || lost.namespaces > known.namespaces / 2;
    return isSpread && lost.objects > known.objects / 2;
  }

  #begin(deletions: Hold['deletions'], lost: Extent, known: Extent): void {
    const { source, holdMs, startTimer } = this.#options;
    const expire = (): void => this.#end([...(this.#hold?.deletions.values() ?? [])]);
    const problem = toShrunk(source, holdMs, lost, known, deletions);
    this.#hold = { deletions, known, problem, cancel: startTimer(expire, holdMs) };
    this.#tellProblems();
  }

  /** Ends the hold, when there is one, with these changes. */
  #end(changes: readonly Change[]): void {
    if (this.#closed) return;
    const held = this.#hold;
    this.#hold = undefined;
    held?.cancel();
    this.#deliver(changes);
    if (held !== undefined) this.#tellProblems();
  }

  #deliver(changes: readonly Change[]): void {
    for (const change of changes) this.#remember(change);
    if (changes.length > 0) this.#listener.changed(changes);
  }

  #remember(change: Change): void {
    const ref = toRef(change);
    if (!isCounted(ref)) return;
    const objects = this.#known.get(ref.namespace) ?? new Set();
    this.#knownObjects -= objects.size;
    if (change.kind === 'set') objects.add(toObjectKey(ref));
    else objects.delete(toObjectKey(ref));
    this.#knownObjects += objects.size;
    if (objects.size > 0) this.#known.set(ref.namespace, objects);
    else this.#known.delete(ref.namespace);
  }

  #measureLoss(deletions: Iterable<Deletion>): Extent {
    let objects = 0;
    const namespaces = new Set<string>();
    for (const { ref } of deletions) {
      if (this.#known.get(ref.namespace)?.has(toObjectKey(ref)) !== true) continue;
      objects += 1;
      namespaces.add(ref.namespace);
    }
    return { objects, namespaces: namespaces.size };
  }

  #tellProblems(): void {
    this.#listener.problems([...(this.#hold === undefined ? [] : [this.#hold.problem]), ...this.#problems]);
  }
}

/** The last change of each object: what is deleted now, together with what was held already, and what is there. */
function divide(
  held: ReadonlyMap<ObjectKey, Deletion> | undefined,
  changes: readonly Change[],
): { readonly deletions: ReadonlyMap<ObjectKey, Deletion>; readonly sets: readonly Change[] } {
  const deletions = new Map(held);
  const sets = new Map<ObjectKey, Change>();
  for (const change of changes) {
    const key = toObjectKey(toRef(change));
    sets.delete(key);
    deletions.delete(key);
    if (change.kind === 'set') sets.set(key, change);
    else deletions.set(key, change);
  }
  return { deletions, sets: [...sets.values()] };
}

function toRef(change: Change): ObjectRef {
  return change.kind === 'set' ? change.object.meta.ref : change.ref;
}

function isCounted({ kind }: ObjectRef): boolean {
  return kinds[kind].routed;
}

function toShrunk(
  source: string,
  holdMs: number,
  lost: Extent,
  known: Extent,
  deletions: Hold['deletions'],
): Problem {
  const example = [...deletions.values()].find(({ ref }) => isCounted(ref))?.ref;
  const named = example === undefined ? '' : `, such as ${toObjectPath(example)}`;
  return toProblem(
    'source-shrunk',
    { source, kind: 'Source', namespace: '', name: source },
    {
      message: `The source ${source} lost ${lost.objects} of ${known.objects} Services and Ingresses at once, in ${lost.namespaces} of ${known.namespaces} namespaces${named}; they are served for ${Math.round(holdMs / 1000)} s more.`,
      hint: 'Nothing is to be done when they were meant to go; else bring them back before the time is up.',
    },
  );
}

function startTimeout(callback: () => void, delayMs: number): () => void {
  const timeout = setTimeout(callback, delayMs);
  return () => clearTimeout(timeout);
}
