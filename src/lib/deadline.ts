/**
 * A signal that aborts when its parent does, or when nobody has moved the deadline in time. Unlike
 * `AbortSignal.any`, it leaves nothing behind at a parent that lives as long as the process.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #passed = false;

  constructor(parent?: AbortSignal) {
    this.#parent = parent;
    if (parent?.aborted === true) this.#abort();
    else parent?.addEventListener('abort', this.#abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time ran out: false when the parent aborted. */
  get passed(): boolean {
    return this.#passed;
  }

  /** Moves the deadline to `ms` from now. */
  move(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expire(), ms);
  }

  /** Must be called once the work has ended, however it ended. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener('abort', this.#abort);
  }

  #expire(): void {
    this.#passed = true;
    this.#abort();
  }

  readonly #abort = (): void => this.#controller.abort();
}
