import { toObjectKey, toObjectPath, type ObjectKey, type ObjectRef } from '../model/object-ref.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { Change } from '../model/snapshot.ts';
import type { SourceListener } from './source.ts';

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
  readonly changes: Map<ObjectKey, Change>;
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
  const { source, holdMs = 30_000, minimum = 50, startTimer = startTimeout } = options;
  const known = new Set<ObjectKey>();
  let problems: readonly Problem[] = [];
  let synced = false;
  let closed = false;
  let hold: Hold | undefined;

  function deliver(changes: readonly Change[]): void {
    for (const change of changes) {
      const ref = toRef(change);
      if (!isCounted(ref)) continue;
      if (change.kind === 'set') known.add(toObjectKey(ref));
      else known.delete(toObjectKey(ref));
    }
    if (changes.length > 0) listener.changed(changes);
  }

  function begin(merged: Map<ObjectKey, Change>, lost: number): void {
    hold = { changes: merged, lost, known: known.size, cancel: startTimer(release, holdMs) };
    tellProblems();
  }

  function release(): void {
    if (hold === undefined || closed) return;
    const { changes, cancel } = hold;
    cancel();
    hold = undefined;
    deliver([...changes.values()]);
    tellProblems();
  }

  function tellProblems(): void {
    listener.problems(hold === undefined ? problems : [toShrunk(source, hold, holdMs), ...problems]);
  }

  return {
    changed(changes) {
      if (closed) return;
      const merged = merge(hold?.changes, changes);
      const lost = countLost(merged, known);
      const tooMuch = synced && known.size >= minimum && lost > known.size / 2;
      if (hold !== undefined) {
        hold = { ...hold, changes: merged };
        if (!tooMuch) release();
      } else if (tooMuch) begin(merged, lost);
      else deliver(changes);
    },
    problems(list) {
      problems = list;
      if (!closed) tellProblems();
    },
    state(state) {
      if (closed) return;
      if (state.kind === 'synced') synced = true;
      listener.state(state);
    },
    close() {
      closed = true;
      hold?.cancel();
    },
  };
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
