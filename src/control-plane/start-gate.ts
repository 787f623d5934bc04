import { lastKnownGoodTiming } from '../source/last-known-good.ts';
import type { PortKeeper } from './port-keeper.ts';
import type { Publisher } from './publisher.ts';
import { restorePatienceMs } from './restore-ledger.ts';
import type { ShrinkWatch } from './shrink-watch.ts';
import type { SourceTracker } from './source-tracker.ts';

export interface StartGateOptions {
  readonly keepsLastKnown: boolean;
  readonly published: Publisher;
  readonly tracker: SourceTracker;
  readonly shrinks: ShrinkWatch;
  readonly keeper: () => PortKeeper;
  /** Something that was waited for need not be waited for any longer. */
  readonly changed: () => void;
}

/** What the first answer waits for. Once there is one, there always is: from then on the last good answer beats none. */
export class StartGate {
  readonly #options: StartGateOptions;
  readonly #startedAt = performance.now();
  /** How long also sources that are not required are waited for: what is kept of them takes that long to be served. */
  readonly #graceMs: number;
  #timers: readonly NodeJS.Timeout[] = [];
  #portsSettled = false;

  constructor(options: StartGateOptions) {
    this.#options = options;
    this.#graceMs = options.keepsLastKnown ? lastKnownGoodTiming.graceMs + 1_000 : 0;
  }

  get portsSettled(): boolean {
    return this.#portsSettled;
  }

  get runningMs(): number {
    return performance.now() - this.#startedAt;
  }

  get isOpen(): boolean {
    return this.#waitingFor().length === 0;
  }

  start(): void {
    // What is waited for until then is not waited for any longer, though nothing else may happen.
    this.#timers = [this.#graceMs, restorePatienceMs].map((milliseconds) =>
      setTimeout(() => this.#options.changed(), milliseconds + 10),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Until ports are settled for the first time there is no answer: one without them would close them all. */
  async settlePorts(): Promise<void> {
    const { tracker, keeper, changed } = this.#options;
    const whole = tracker.all.every((tracked) => tracked.hasSynced || !tracked.required);
    await keeper().settle();
    if (!whole || this.#portsSettled) return;
    if (keeper().isRestoring && this.runningMs < restorePatienceMs) return;
    this.#portsSettled = true;
    changed();
  }

  /** Says how far it is. */
  update(): void {
    const { published } = this.#options;
    if (published.readiness().kind === 'ready') return;
    const waitingFor = this.#waitingFor();
    published.setReadiness(waitingFor.length === 0 ? { kind: 'ready' } : { kind: 'starting', waitingFor });
  }

  #waitingFor(): readonly string[] {
    const { tracker, keeper, published, shrinks } = this.#options;
    const { state: ledger, trouble } = keeper();
    if (ledger === undefined) return [`the ledger${trouble}`];
    const isEarly = this.runningMs < this.#graceMs;
    const missing = tracker.all.filter((tracked) => (tracked.required || isEarly) && !tracked.hasSynced);
    const names = missing.map(
      ({ source, state }) => `source ${source.name}${state.kind === 'starting' ? ` (${state.detail})` : ''}`,
    );
    // What others hold back is theirs once this one serves.
    const held = published.readiness().kind === 'starting' ? shrinks.waitingFor : [];
    const all = [...names, ...held];
    return all.length > 0 || this.#portsSettled ? all : ['the allocation of ports'];
  }
}
