/** A wait that can be cut short. */
export class Sleep {
  #end: (() => void) | undefined;

  /** Resolves after `ms`, when `end` is called, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#end = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      this.#end = end;
    });
  }

  /** Ends the wait that is going on, if any. */
  end(): void {
    this.#end?.();
  }
}
