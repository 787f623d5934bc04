import { BackOff } from '../lib/back-off.ts';
import { toMoment } from '../lib/moment.ts';
import type { TraefikState } from '../model/traefik-state.ts';
import { describeApiError, type ApiTarget } from '../traefik-api/ask-api.ts';
import { readTraefik } from '../traefik-api/read-traefik.ts';
import { toNextTraefikState } from './next-traefik-state.ts';

export interface TraefikSeatOptions extends Pick<TraefikState, 'fleet' | 'name'> {
  readonly target: ApiTarget;
  readonly judge: (state: TraefikState) => SeatJudgement;
  readonly changed: () => void;
}

export interface SeatJudgement {
  /** Whether the Traefik has what it should have. */
  readonly isSettled: boolean;
  /** Whether it has had its time for that. */
  readonly isLate: boolean;
}

/** Between two questions to a Traefik that has what it should have. */
const restMs = 30_000;
/** From the moment that an answer was fetched: Traefik needs a moment to apply it, and changes may follow each other. */
const soonMs = 300;
/** One that is well is not asked again so soon, however much is fetched. */
const recentMs = 5_000;
/** Whoever wants to know is answered from what is not older. */
const freshMs = 1_000;

/** Asks one Traefik again and again. */
export class TraefikSeat {
  readonly #options: TraefikSeatOptions;
  readonly #backOff = new BackOff({ firstMs: 500, mostMs: 15_000, healthyMs: 0 });
  #state: TraefikState;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #asking: Promise<void> | undefined;
  #askedAt = -Infinity;
  #wasLate = false;
  #isStopped = false;

  constructor(options: TraefikSeatOptions) {
    this.#options = options;
    const { fleet, name } = options;
    this.#state = { fleet, name, seen: null, error: null, since: toMoment() };
    this.#askIn(0);
  }

  get state(): TraefikState {
    return this.#state;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Something was fetched, perhaps by a Traefik that was just started: asks soon, unless it is known to be well since a moment ago. */
  hurry(): void {
    const isRecent = performance.now() - this.#askedAt < recentMs;
    if (!isRecent || !this.#options.judge(this.#state).isSettled) this.#askIn(soonMs);
  }

  /** Resolves when what is known is from just now. */
  refresh(): Promise<void> {
    return performance.now() - this.#askedAt < freshMs ? Promise.resolve() : this.#ask();
  }

  /** Never later than it was to be asked anyway. */
  #askIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.#isStopped || at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => void this.#ask(), ms).unref();
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#read().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #read(): Promise<void> {
    const { target } = this.#options;
    clearTimeout(this.#timer);
    // Whatever is fetched from now on has to be asked for again.
    this.#dueAt = Infinity;
    const { seen: known } = this.#state;
    const result = await readTraefik(target, known).then(
      (seen) => ({ seen, error: null }),
      (error: unknown) => ({ seen: known, error: describeApiError(error, target.timeoutMs) }),
    );
    this.#askedAt = performance.now();
    if (this.#isStopped) return;
    this.#take(result);
    const { isSettled } = this.#options.judge(this.#state);
    if (isSettled) this.#backOff.healthy(this.#askedAt);
    this.#askIn(isSettled ? restMs : this.#backOff.next(this.#askedAt));
  }

  #take(next: Pick<TraefikState, 'error' | 'seen'>): void {
    const { state, hasNews } = toNextTraefikState(this.#state, next, toMoment());
    this.#state = state;
    const { isLate } = this.#options.judge(this.#state);
    if (hasNews || isLate !== this.#wasLate) this.#options.changed();
    this.#wasLate = isLate;
  }
}
