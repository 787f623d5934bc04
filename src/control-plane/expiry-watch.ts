import { checkValidity, type DatedCertificate } from '../certificates/expiry.ts';
import type { Problem } from '../model/problem.ts';

/** Timers hold for 24 days at most, and the clock of a machine may be set meanwhile. */
const maxWaitMs = 3_600_000;

/** Says which certificates expire, and when that changes: nothing else may happen until then. */
export class ExpiryWatch {
  readonly #warnBeforeMs: number;
  readonly #changed: () => void;
  #certificates: readonly DatedCertificate[] = [];
  #problems: readonly Problem[] = [];
  #next: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(warnBeforeMs: number, changed: () => void) {
    this.#warnBeforeMs = warnBeforeMs;
    this.#changed = changed;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Takes over the certificates, and returns whether the problems may have changed. Costs nothing for the very list of the last call. */
  update(certificates: readonly DatedCertificate[]): boolean {
    const isDue = this.#next !== undefined && Date.now() >= this.#next;
    if (certificates === this.#certificates && !isDue) return false;
    this.#certificates = certificates;
    const had = this.#problems.length > 0;
    const { problems, next } = checkValidity(certificates, this.#warnBeforeMs, Date.now());
    this.#problems = problems;
    this.#next = next;
    this.#plan();
    return had || problems.length > 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#next === undefined) return;
    const wait = Math.min(Math.max(0, this.#next - Date.now()) + 10, maxWaitMs);
    this.#timer = setTimeout(() => {
      if (this.#next !== undefined && Date.now() >= this.#next) this.#changed();
      else this.#plan();
    }, wait).unref();
  }
}
