import type { BankStates } from '../../model/bank.ts';
import type {
  CodeCount,
  Listing,
  Page,
  PoolMap,
  PoolName,
  PortStory,
  ProblemQuery,
  Query,
  RouteHit,
  Sight,
} from '../../model/listing.ts';
import type { ObjectKey } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { Inspection, PortRow } from '../../model/published.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { PortList } from './port-list.ts';
import { ProblemList } from './problem-list.ts';
import { RouteList } from './route-list.ts';
import { Turns } from './turns.ts';

export interface ListingOptions {
  readonly pipeline: Pipeline;
  readonly inspection: Pick<Inspection, 'ports' | 'problems'>;
  /** With the addresses that they have now. */
  readonly fleets: () => readonly FleetSettings[];
  readonly banks: () => BankStates;
}

/** The lists of a pipeline that goes on. */
export class LiveListing implements Listing {
  readonly #turns = new Turns();
  readonly #routes: RouteList;
  readonly #problems: ProblemList;
  readonly #ports: PortList;

  constructor({ pipeline, inspection, fleets, banks }: ListingOptions) {
    this.#problems = new ProblemList(() => inspection.problems());
    this.#routes = new RouteList(pipeline, (object, source) => this.#problems.of(object, source));
    const report = (): ReturnType<Inspection['ports']> => inspection.ports();
    this.#ports = new PortList({ report, fleets, banks, claims: () => pipeline.portClaims() });
  }

  /** These objects may have other routes than before. */
  changed(units: Iterable<ObjectKey>): void {
    this.#routes.changed(units);
  }

  routes(query: Query): Promise<Page<RouteHit>> {
    return this.#turns.run(() => this.#routes.find(query));
  }

  problems(query: ProblemQuery): Promise<Page<Problem>> {
    return this.#turns.run(() => this.#problems.find(query));
  }

  countProblems(sight: Sight): readonly CodeCount[] {
    return this.#problems.countCodes(sight);
  }

  problemVersion(): number {
    return this.#problems.version;
  }

  ports(query: Query): Promise<Page<PortRow>> {
    return this.#turns.run(() => this.#ports.find(query));
  }

  poolMap(name: PoolName, sight: Sight): PoolMap | undefined {
    return this.#ports.map(name, sight);
  }

  portStory(name: PoolName, port: number, sight: Sight): PortStory | undefined {
    return this.#ports.story(name, port, sight);
  }
}
