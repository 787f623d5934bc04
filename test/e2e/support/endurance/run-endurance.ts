import { Cleanup } from '../cleanup.ts';
import { createRandom, type Random } from '../random.ts';
import { toHoldings, readReport } from '../tenant-ports.ts';
import { backendAddresses, type Tenant } from '../tenants.ts';
import { watchLedger } from '../ledger-watch.ts';
import { startBulk } from './bulk/start-bulk.ts';
import { compareReplicas, compareWitness, untilRight } from './checks.ts';
import { listClusterEvents, restartApiServer } from './events/cluster-events.ts';
import { listFolderEvents } from './events/folder-events.ts';
import { endLeadership, untilLastingFollows } from './events/leader.ts';
import { listMachineEvents } from './events/machine-events.ts';
import { ManifestFolder } from './events/manifest-folder.ts';
import { makeMistakes } from './events/mistakes.ts';
import { judgeSame, type Verdict } from './figures.ts';
import { judgeLeftOvers } from './left-overs.ts';
import { startSamples, type Samples } from './samples.ts';
import { Schedule } from './schedule.ts';
import { startEnduranceWorld, type EnduranceWorld } from './world.ts';

export interface EnduranceOptions {
  /** The API server. */
  readonly program: string;
  readonly seed: number;
  /** For how long things happen; the last check comes after it. */
  readonly seconds: number;
  /** So many changes are made in process, as far as there is time. */
  readonly bulkChanges: number;
  /** How often what is in process is compared with a fresh start; default 18 times. */
  readonly bulkChecks?: number;
  /** It goes on, however long that takes, until each kind of event had its share so often; default 1. */
  readonly leastDecks?: number;
  /** After how many changes the leader is killed, and some events follow; default a hundred. */
  readonly changesOfRound?: number;
  /** Called after each round, with what has happened how often so far. */
  readonly onRound?: (counts: EnduranceResult['counts']) => void;
  /** How many events follow; default 3. */
  readonly eventsOfRound?: number;
  /** How often the API server is started again, spread over the time, as far as there is time. */
  readonly restarts: number;
}

export interface EnduranceResult {
  readonly counts: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
}

const mistakesOfRound = 5;
/** So much of the time goes into starts of the API server, also where they take long. */
const mostForRestarts = 0.5;
const names = Array.from({ length: 9 }, (_, index) => `tenant-${index}`);
const untouched: readonly Tenant[] = backendAddresses
  .slice(0, 3)
  .map((address, index) => ({ name: `canary-${index}`, ports: [3306], exposed: true, address }));

/** A compressed year: in a process of its own, and beside it with all parts that are real. In a private network. */
export async function runEndurance(options: EnduranceOptions): Promise<EnduranceResult> {
  const { seed, seconds, bulkChanges, bulkChecks = 18 } = options;
  const bulk = startBulk({ seed, changes: bulkChanges, seconds, checks: bulkChecks });
  const [inProcess, real] = await Promise.allSettled([bulk, runWorld(options)]);
  if (real.status === 'rejected') throw real.reason;
  if (inProcess.status === 'rejected') throw inProcess.reason;
  return {
    counts: { ...inProcess.value.counts, ...real.value.counts },
    verdicts: [...inProcess.value.verdicts, ...real.value.verdicts],
  };
}

async function runWorld(options: EnduranceOptions): Promise<EnduranceResult> {
  const random = createRandom(options.seed);
  const cleanup = new Cleanup();
  try {
    const world = cleanup.keep(await startEnduranceWorld(options.program, random));
    return await new Year(world, random, options).run(cleanup);
  } finally {
    await cleanup.run();
  }
}

class Year {
  readonly #world: EnduranceWorld;
  readonly #random: Random;
  readonly #options: EnduranceOptions;
  readonly #counts = new Map<string, number>();
  readonly #folders: readonly [ManifestFolder, ManifestFolder];
  readonly #schedule: Schedule;
  #decks = 0;
  #restarts = 0;
  #restartMs = 0;

  constructor(world: EnduranceWorld, random: Random, options: EnduranceOptions) {
    this.#world = world;
    this.#random = random;
    this.#options = options;
    const own = new ManifestFolder(world.witness.folder, random, true);
    this.#folders = [new ManifestFolder(world.folder, random, false), own];
    const kinds = [
      ...listClusterEvents(world, random),
      ...listFolderEvents(this.#folders, random),
      ...listMachineEvents(world, own, random),
    ];
    this.#schedule = new Schedule(kinds, random);
  }

  async run(cleanup: Cleanup): Promise<EnduranceResult> {
    const { cluster, tenants, poller, witness } = this.#world;
    // The clocks that write into the ledger jump: who holds what at once is all that it can be asked.
    const ledger = cleanup.keep(watchLedger(cluster, -Infinity));
    for (const tenant of untouched) await tenants[0].put(tenant);
    for (let edit = 0; edit < 12; edit += 1) for (const folder of this.#folders) folder.edit();
    await untilRight(this.#world);
    await untilLastingFollows(this.#world);
    const held = await this.#readCanaries();
    const samples = await startSamples(this.#world);
    cleanup.add(() => samples.stop());
    await samples.note();
    const began = performance.now();
    const progress = (): number => (performance.now() - began) / (this.#options.seconds * 1_000);
    while (progress() < 1 || this.#decks < (this.#options.leastDecks ?? 1)) {
      await this.#round();
      await this.#restartServer(progress);
      this.#options.onRound?.(Object.fromEntries(this.#counts));
    }
    const verdicts = await this.#judge(samples, held);
    return {
      counts: Object.fromEntries(this.#counts),
      verdicts: [
        ...verdicts,
        judgeSame('no port had two holders in any version of the ledger', ledger.faults, []),
        judgeSame('witness: every poll was answered', witness.poller.failures, []),
        judgeSame('replica: every poll was answered', poller.failures, []),
      ],
    };
  }

  async #round(): Promise<void> {
    const { tenants } = this.#world;
    const { changesOfRound = 100, eventsOfRound = 3 } = this.#options;
    for (let change = 0; change < changesOfRound; change += 1) {
      await tenants[change % 2 === 0 ? 0 : 1].act(names);
      if (change % 10 === 0) for (const folder of this.#folders) folder.edit();
    }
    this.#count('changes through the API server', changesOfRound);
    this.#count('changes of files', 2 * Math.ceil(changesOfRound / 10));
    for (let mistake = 0; mistake < mistakesOfRound; mistake += 1)
      this.#count("tenants' mistakes through the API server", await makeMistakes(this.#world, this.#random));
    this.#count(await endLeadership(this.#world));
    for (let event = 0; event < eventsOfRound; event += 1) {
      const kind = this.#schedule.next();
      this.#count(kind.name, (await kind.run()) ?? 1);
      if (this.#schedule.isRound) this.#decks += 1;
    }
  }

  /** As often as it is due by now, in a row: nobody has to come back in between. */
  async #restartServer(progress: () => number): Promise<void> {
    const { restarts, seconds } = this.#options;
    const due = Math.round(restarts * Math.min(1, progress()));
    while (this.#restarts < due && this.#restartMs < progress() * seconds * 1_000 * mostForRestarts) {
      const began = performance.now();
      await restartApiServer(this.#world, this.#random);
      this.#restartMs += performance.now() - began;
      this.#restarts += 1;
      this.#count('API server restarted');
    }
  }

  async #judge(samples: Samples, held: unknown): Promise<readonly Verdict[]> {
    await untilRight(this.#world);
    const compared = [...(await compareReplicas(this.#world)), ...(await compareWitness(this.#world))];
    const leftOvers = await judgeLeftOvers(this.#world);
    const moved = judgeSame('ports of who changed nothing stayed', await this.#readCanaries(), held);
    await untilLastingFollows(this.#world);
    await samples.note();
    return [...compared, leftOvers, moved, ...samples.judge()];
  }

  async #readCanaries(): Promise<readonly (readonly [string, number])[]> {
    const holdings = toHoldings(await readReport(this.#world.replicas.get(0).adminUrl));
    return [...holdings].filter(([key]) => key.includes('/canary-')).toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  #count(what: string, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }
}
