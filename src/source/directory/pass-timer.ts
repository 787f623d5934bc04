/** Decides when a pass over a folder runs. Passes never overlap. */
export interface PassTimer {
  /** A pass when no further sign comes for the debounce time, and at the latest after ten times that. */
  soon(): void;
  /** A pass at the latest after this time, in milliseconds; each label has one deadline, and the earlier one counts. */
  within(label: Deadline, delayMs: number): void;
  /** No pass starts any more; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** Why a pass is due: something is to be confirmed, or everything is to be looked at. */
export type Deadline = 'confirm' | 'whole';

interface Pending {
  readonly at: number;
  readonly timeout: NodeJS.Timeout;
}

/** `run` must not reject. It is told the deadline that led to it; `undefined` for a sign of a change. */
export function createPassTimer(run: (due?: Deadline) => Promise<void>, debounceMs: number): PassTimer {
  const pending = new Map<Deadline | undefined, Pending>();
  const waiting = new Set<Deadline | undefined>();
  let firstSign: number | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  function set(due: Deadline | undefined, delayMs: number): void {
    if (stopped) return;
    clearTimeout(pending.get(due)?.timeout);
    pending.set(due, { at: performance.now() + delayMs, timeout: setTimeout(() => fire(due), delayMs) });
  }

  function fire(due: Deadline | undefined): void {
    pending.delete(due);
    if (due === undefined) firstSign = undefined;
    waiting.add(due);
    if (running === undefined) void runWaiting();
  }

  async function runWaiting(): Promise<void> {
    for (const due of waiting) {
      waiting.delete(due);
      running = run(due);
      await running;
      if (stopped) break;
    }
    running = undefined;
  }

  return {
    soon() {
      const now = performance.now();
      firstSign ??= now;
      set(undefined, Math.max(0, Math.min(debounceMs, firstSign + 10 * debounceMs - now)));
    },
    within(label, delayMs) {
      const former = pending.get(label);
      if (former === undefined || former.at > performance.now() + delayMs) set(label, delayMs);
    },
    async stop() {
      stopped = true;
      for (const { timeout } of pending.values()) clearTimeout(timeout);
      pending.clear();
      waiting.clear();
      await running;
    },
  };
}
