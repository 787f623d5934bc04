import { isDeepStrictEqual } from 'node:util';
import type { ApiServer } from '../../../support/api-server.ts';
import { startArms, type ArmOptions, type Arms, type Dialect } from './arms.ts';
import { ClusterObjects } from './cluster-objects.ts';
import type { Divergence } from './compare.ts';
import { findDeclared, readDeclared } from './declared.ts';
import type { Fixture } from './fixtures.ts';
import type { Probe } from './probe.ts';
import { runProbes, type Outcome } from './run-probes.ts';
import { listStandardProbes } from './standard-probes.ts';

/** A probe with another answer, in a report. */
export interface ReportedDifference {
  readonly probe: string;
  readonly divergences: readonly (Divergence & { readonly declared: readonly string[] })[];
}

/** What came of a fixture. */
export interface FixtureResult {
  readonly name: string;
  readonly verdict: 'same' | 'declared' | 'differs';
  /** How many routers the reference made of it. */
  readonly routers: number;
  readonly probes: number;
  /** What the API server refused. */
  readonly refused: readonly string[];
  readonly differences: readonly ReportedDifference[];
}

const rounds = 5;

/** Runs fixtures one after the other, with both arms kept while the options stay the same. */
export class FixtureRun {
  readonly #api: ApiServer;
  readonly #dialect: Dialect;
  readonly #cluster: ClusterObjects;
  readonly #declared = readDeclared();
  #arms: { readonly arms: Arms; readonly options: ArmOptions } | undefined;

  constructor(api: ApiServer, dialect: Dialect) {
    this.#api = api;
    this.#dialect = dialect;
    this.#cluster = new ClusterObjects(api, dialect);
  }

  async run({ name, objects, options }: Fixture): Promise<FixtureResult> {
    const refused = await this.#cluster.load(objects);
    const arms = await this.#startArms(options);
    await this.#cluster.settle(arms, options);
    const probes = listStandardProbes(objects);
    const found = await this.#findDifferences(arms, options, probes);
    const { routers, tcpRouters } = await arms.reference.traefik.rawdata();
    const own = Object.entries({ ...routers, ...tcpRouters }).filter(
      ([key, { rule = '' }]) => /@kubernetes/.test(key) && !rule.includes('marker-'),
    );
    await this.#cluster.remove(objects);
    const differences = found.map((each) => this.#toReported(name, each));
    return {
      name,
      verdict: toVerdict(differences),
      routers: own.length,
      probes: probes.length,
      refused,
      differences,
    };
  }

  async stop(): Promise<void> {
    await this.#arms?.arms.stop();
    this.#arms = undefined;
  }

  /**
   * Asks again, after another change, what differs: what was not settled yet agrees then. And where the reference answers now this, now
   * that, because it leaves the winner to chance, Fairlead agrees with it as soon as one of its answers is the same.
   */
  async #findDifferences(
    arms: Arms,
    options: ArmOptions,
    probes: readonly Probe[],
  ): Promise<readonly Outcome[]> {
    let left = toDiffering(await runProbes(arms, probes));
    for (let round = 0; round < rounds && left.length > 0; round++) {
      if (round > 0 && !left.some(isByChance)) break;
      await this.#cluster.settle(arms, options);
      const again = left.map(({ probe }) => probe);
      left = toDiffering(await runProbes(arms, again));
    }
    return left;
  }

  async #startArms(options: ArmOptions): Promise<Arms> {
    if (this.#arms !== undefined && isDeepStrictEqual(this.#arms.options, options)) return this.#arms.arms;
    await this.stop();
    const arms = await startArms(this.#api.kubeconfig, this.#dialect, options);
    this.#arms = { arms, options };
    return arms;
  }

  #toReported(name: string, { text, divergences }: Outcome): ReportedDifference {
    const sighting = { dialect: this.#dialect, from: 'fixtures', name, probe: text } as const;
    return {
      probe: text,
      divergences: divergences.map((divergence) => ({
        ...divergence,
        declared: findDeclared(this.#declared, sighting, divergence).map(({ id }) => id),
      })),
    };
  }
}

function toDiffering(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(({ divergences }) => divergences.length > 0);
}

/** Whether it may be one: chance decides about who answers, not about whether. */
function isByChance({ divergences }: Outcome): boolean {
  return divergences.some(({ aspect }) => aspect === 'backends');
}

function toVerdict(differences: readonly ReportedDifference[]): FixtureResult['verdict'] {
  if (differences.length === 0) return 'same';
  const all = differences.flatMap(({ divergences }) => divergences);
  return all.every(({ declared }) => declared.length > 0) ? 'declared' : 'differs';
}
