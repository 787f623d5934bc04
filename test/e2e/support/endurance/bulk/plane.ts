import { pino } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlPlane } from '../../../../../src/control-plane/control-plane.ts';
import type { SharedLedger } from '../../../../../src/control-plane/port-keeper.ts';
import type { Change } from '../../../../../src/model/snapshot.ts';
import type { Source, SourceListener } from '../../../../../src/source/source.ts';
import { bulkSettings } from './settings.ts';

/** Longer than it takes to settle ports and to build again. */
const calmMs = 120;

/** A control plane whose sources say what they are handed, and whose leadership goes and comes. */
export class BulkPlane {
  readonly plane: ControlPlane;
  /** Problems that appeared, as its log says. */
  mistakes = 0;
  readonly #listeners = new Map<string, SourceListener>();
  readonly #leading: ((isLeader: boolean) => void)[] = [];
  readonly #leader = { isLeader: true };
  #rebuilds = 0;
  #lastRebuild = 0;
  #rebuilt: (() => void) | undefined;

  constructor(ledger: SharedLedger) {
    const leader = this.#leader;
    this.plane = new ControlPlane({
      settings: bulkSettings,
      sources: bulkSettings.sources.map(({ name }) => this.#toSource(name)),
      ledger,
      log: pino({ base: null, timestamp: false }, { write: (line: string) => this.#read(line) }),
      cluster: {
        leader: {
          get isLeader() {
            return leader.isLeader;
          },
          onChange: (changed) => {
            this.#leading.push(changed);
            return () => undefined;
          },
          start: () => undefined,
          stop: () => Promise.resolve(),
        },
        writeBack: {
          problems: [],
          onProblems: () => undefined,
          lead: () => undefined,
          update: () => undefined,
          stop: () => Promise.resolve(),
        },
      },
      observer: {
        conflicted: () => undefined,
        ledgerFailed: () => undefined,
        rebuilt: () => {
          this.#rebuilds += 1;
          this.#lastRebuild = performance.now();
          this.#rebuilt?.();
        },
      },
    });
  }

  /** Starts it with all that there is. */
  async start(objects: readonly Change[]): Promise<void> {
    await this.plane.start();
    this.deliver(objects);
    for (const listener of this.#listeners.values()) listener.state({ kind: 'synced' });
    while (this.plane.published.readiness().kind !== 'ready') await sleep(20);
    await this.untilCalm();
  }

  deliver(changes: readonly Change[]): void {
    for (const [source, listener] of this.#listeners) {
      const own = changes.filter((change) => toSourceOf(change) === source);
      if (own.length > 0) listener.changed(own);
    }
  }

  /** Delivers, and resolves when it has been taken over. */
  async take(changes: readonly Change[]): Promise<void> {
    const before = this.#rebuilds;
    this.deliver(changes);
    if (this.#rebuilds > before) return;
    await new Promise<void>((resolve) => {
      this.#rebuilt = resolve;
    });
    this.#rebuilt = undefined;
  }

  lead(isLeader: boolean): void {
    this.#leader.isLeader = isLeader;
    for (const changed of this.#leading) changed(isLeader);
  }

  /** Resolves when nothing has been built again for a while. */
  async untilCalm(): Promise<void> {
    this.#lastRebuild = performance.now();
    while (performance.now() - this.#lastRebuild < calmMs) await sleep(20);
  }

  stop(): Promise<void> {
    return this.plane.stop();
  }

  #read(line: string): void {
    if (line.includes('"msg":"problem"')) this.mistakes += 1;
  }

  #toSource(name: string): Source {
    return {
      name,
      start: (listener) => void this.#listeners.set(name, listener),
      stop: () => Promise.resolve(),
      locate: () => Promise.resolve(undefined),
    };
  }
}

function toSourceOf(change: Change): string {
  return change.kind === 'set' ? change.object.meta.ref.source : change.ref.source;
}
