import { readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { SourceObject } from '../../../../../src/model/objects.ts';
import type { Change } from '../../../../../src/model/snapshot.ts';
import { createMemoryLedger } from '../../../../../src/ports/ledger/memory.ts';
import { createRandom } from '../../random.ts';
import { judgeFlat, judgeSame, type Verdict } from '../figures.ts';
import { injectClock, type Clock } from './clock.ts';
import { Leaders } from './leaders.ts';
import { BulkPlane } from './plane.ts';
import { Pollers } from './pollers.ts';
import { Population } from './population.ts';
import { createSharedLedger } from './shared-ledger.ts';

export interface BulkOptions {
  readonly seed: number;
  /** It ends with so many changes… */
  readonly changes: number;
  /** …or after so long. */
  readonly seconds: number;
  /** How often all is compared with a fresh start, and memory is read. */
  readonly checks: number;
}

/** What came of it: how often each kind of event was there, and what is to be said. */
export interface BulkResult {
  readonly counts: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
}

const hourMs = 3_600_000;
/** A million of them are a year. */
const msPerChange = 31_500;
/** Of changes that come together, as a power of two: some come alone, and some in a flood. */
const mostAtOnce = 12;
/** Of leaderships, one sees a jump of the clock. */
const jumpEvery = 50;
/** A leadership lasts for no more changes. */
const changesOfLeader = 100;
const mostWaits = 20;

/** A compressed year of one control plane in this process, which has to be started with `--expose-gc`. */
export async function runBulk(options: BulkOptions): Promise<BulkResult> {
  const clock = injectClock();
  try {
    return await new Bulk(options, clock).run();
  } finally {
    clock.restore();
  }
}

class Bulk {
  readonly #options: BulkOptions;
  readonly #clock: Clock;
  readonly #random;
  readonly #population: Population;
  readonly #pollers: Pollers;
  readonly #ledger = createSharedLedger();
  readonly #live = new BulkPlane(this.#ledger);
  readonly #leaders = new Leaders(this.#live, this.#ledger, () => toSets(this.#population.objects));
  readonly #heap: number[] = [];
  readonly #handles: number[] = [];
  readonly #descriptors: number[] = [];
  readonly #verdicts: Verdict[] = [];
  readonly #counts = { changes: 0, mistakes: 0, forward: 0, back: 0, comparisons: 0 };

  constructor(options: BulkOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#random = createRandom(options.seed);
    this.#population = new Population(this.#random, options.seed);
    this.#pollers = new Pollers(this.#random);
  }

  async run(): Promise<BulkResult> {
    await this.#live.start(toSets(this.#population.objects));
    const { changes, seconds, checks } = this.#options;
    const began = this.#clock.real();
    const progress = (): number =>
      Math.max(this.#counts.changes / changes, (this.#clock.real() - began) / (seconds * 1_000));
    for (let check = 1; check <= checks; check += 1) {
      while (progress() < check / checks) await this.#turn();
      await this.#check();
    }
    await this.#leaveEmpty();
    await this.#live.stop();
    this.#counts.mistakes = this.#live.mistakes;
    return { counts: this.#toCounts(), verdicts: [...this.#verdicts, ...this.#judge()] };
  }

  async #turn(): Promise<void> {
    let wanted = 2 ** this.#random.below(mostAtOnce + 1);
    while (wanted > 0) {
      if (this.#random.below(jumpEvery) === 0) this.#jump();
      const changes: Change[] = [];
      while (changes.length < Math.min(wanted, changesOfLeader)) changes.push(...this.#population.next());
      wanted -= changes.length;
      this.#counts.changes += changes.length;
      this.#clock.pass(changes.length * msPerChange);
      await this.#leaders.take(changes);
    }
    this.#pollers.turn(this.#live.plane.published);
  }

  #jump(): void {
    const isForward = this.#random.below(2) === 0;
    this.#clock.jump(isForward ? hourMs : -hourMs);
    this.#counts[isForward ? 'forward' : 'back'] += 1;
  }

  async #check(): Promise<void> {
    // What a jump of the clock leaves behind is over when all has cooled down: a fresh start knows nothing of it.
    this.#clock.pass(hourMs);
    await this.#leaders.settle();
    await this.#live.untilCalm();
    await this.#compare(this.#population.objects);
    this.#heap.push(readHeapMb());
    this.#handles.push(process.getActiveResourcesInfo().length);
    this.#descriptors.push(readdirSync('/proc/self/fd').length);
  }

  /** With a control plane that starts now, with the same objects and the same ledger. */
  async #compare(objects: readonly SourceObject[]): Promise<void> {
    this.#counts.comparisons += 1;
    const { state } = await this.#ledger.read();
    const copy = createMemoryLedger(state);
    const fresh = new BulkPlane(copy);
    await fresh.start(toSets(objects));
    let [found, wanted] = [describe(this.#live), describe(fresh)];
    // Where others use the machine as well, what is on its way takes longer.
    for (let wait = 0; wait < mostWaits && !isDeepStrictEqual(found, wanted); wait += 1) {
      await Promise.all([this.#live.untilCalm(), fresh.untilCalm()]);
      [found, wanted] = [describe(this.#live), describe(fresh)];
    }
    const at = `after ${this.#counts.changes} changes`;
    for (const [what, text] of Object.entries(wanted))
      this.#note(judgeSame(`${what} ${at}`, found[what], text));
    this.#note(
      judgeSame(`ledger ${at}`, (await this.#ledger.read()).state.entries, (await copy.read()).state.entries),
    );
    await fresh.stop();
  }

  /** What is good is said once, at the end. */
  #note(verdict: Verdict): void {
    if (!verdict.isGood) this.#verdicts.push(verdict);
  }

  /** Everybody goes: what is left is what a process has that never had anybody. */
  async #leaveEmpty(): Promise<void> {
    this.#pollers.close(this.#live.plane.published);
    await this.#live.take(this.#population.clear());
    await this.#live.untilCalm();
    await this.#compare(this.#population.objects);
  }

  #judge(): readonly Verdict[] {
    const { comparisons } = this.#counts;
    const good = this.#verdicts.length === 0;
    const detail = good ? `equal in ${comparisons} comparisons` : 'see above';
    return [
      { what: 'in process: documents, problems and ledger as after a fresh start', isGood: good, detail },
      judgeFlat('in process: heap after a collection', this.#heap, { share: 0.1, amount: 3 }),
      judgeFlat('in process: timers and handles', this.#handles, { share: 0, amount: 2 }, ''),
      judgeFlat('in process: open files', this.#descriptors, { share: 0, amount: 0 }, ''),
    ];
  }

  #toCounts(): Readonly<Record<string, number>> {
    const { changes, mistakes, forward, back } = this.#counts;
    const { lost, killed } = this.#leaders.counts;
    return {
      'changes, in process': changes,
      "tenants' mistakes reported, in process": mistakes,
      'leader robbed of its Lease, in process': lost,
      'leader killed, in process': killed,
      'clock forward by an hour, in process': forward,
      'clock back by an hour, in process': back,
    };
  }
}

function describe({ plane }: BulkPlane): Readonly<Record<string, unknown>> {
  const { published, inspection } = plane;
  const documents = published.documents.map((name) => [name, published.current(name)?.body.toString()]);
  return {
    ...Object.fromEntries(documents.map(([name, body]) => [`document ${name}`, body])),
    problems: inspection
      .problems()
      .map((problem) => JSON.stringify(problem))
      .sort(),
  };
}

function toSets(objects: readonly SourceObject[]): readonly Change[] {
  return objects.map((object) => ({ kind: 'set', object }));
}

function readHeapMb(): number {
  if (globalThis.gc === undefined) throw new Error('Start node with --expose-gc.');
  // What has finalizers goes with the second one.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
}
