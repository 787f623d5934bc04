import { toProblem, type Problem } from '../model/problem.ts';
import type { AddressSource, FleetSettings, Settings } from '../settings/settings.ts';
import type { Dependency, ObjectStore } from '../source/object-store.ts';
import type { AddressedFleet } from './addressed-fleet.ts';
import {
  findAddresses,
  resolveFleets,
  toSourceText,
  type Found,
  type KnownAddresses,
} from './resolve-fleets.ts';
import { trackView } from './tracking-view.ts';

/**
 * So many addresses are known of a source, the latest: nodes come and go for years. A status that is served has those of a moment ago at
 * the oldest, since it is written again whenever they change.
 */
const maxFormer = 256;

/**
 * The addresses of the fleets, looked up again when a Service or a slice that they come from changes. What a Service had once
 * counts until it has something else: one that vanishes for a moment takes nothing down.
 */
export class FleetAddresses {
  readonly #settings: readonly FleetSettings[];
  readonly #clusters: readonly string[];
  readonly #known = new Map<string, KnownAddresses>();
  #fleets: readonly AddressedFleet[];
  #problems: readonly Problem[] = [];
  #seen: ReadonlySet<Dependency> = new Set();
  /** The clusters that had synced at the last look; undefined before the first. */
  #synced: string | undefined;

  constructor({ fleets, sources }: Pick<Settings, 'fleets' | 'sources'>) {
    this.#settings = fleets;
    this.#clusters = sources.flatMap((source) => ('kubernetes' in source ? source.name : []));
    this.#fleets = resolveFleets(fleets, () => undefined);
  }

  /** The same list for as long as no address changes. */
  get fleets(): readonly AddressedFleet[] {
    return this.#fleets;
  }

  /** Of addresses that cannot be looked up, although everything has been read. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /**
   * Takes over what has changed in the store. Returns whether fleets or problems have changed.
   * @param hasSynced Whether a source has delivered all that it has.
   */
  update(
    store: ObjectStore,
    touched: ReadonlySet<Dependency>,
    hasSynced: (source: string) => boolean,
  ): boolean {
    const sources = this.#settings.flatMap(({ addressSources = [] }) => addressSources);
    if (sources.length === 0) return false;
    const clusters = this.#clusters.map((name) => ({ name, hasSynced: hasSynced(name) }));
    const synced = JSON.stringify(clusters);
    if (synced === this.#synced && ![...this.#seen].some((each) => touched.has(each))) return false;
    const seen = new Set<Dependency>();
    const view = trackView(store, new Map(), seen);
    const found = new Map(
      sources.map((source) => [toSourceText(source), findAddresses(view, clusters, source)]),
    );
    this.#seen = seen;
    this.#synced = synced;
    return this.#take(found);
  }

  #take(found: ReadonlyMap<string, Found>): boolean {
    for (const [text, result] of found) {
      if (result.kind !== 'addresses') continue;
      this.#known.set(text, toKnown(this.#known.get(text)?.former ?? [], result.addresses));
    }
    const fleets = resolveFleets(this.#settings, (source) => this.#known.get(toSourceText(source)));
    const problems = this.#settings.flatMap((fleet) => toProblems(fleet, found, this.#clusters.length > 0));
    const moved = !isSame(fleets, this.#fleets);
    const retold = !isSame(problems, this.#problems);
    if (moved) this.#fleets = fleets;
    if (retold) this.#problems = problems;
    return moved || retold;
  }
}

function toKnown(former: readonly string[], now: readonly string[]): KnownAddresses {
  const present = new Set(now);
  const gone = former.filter((address) => !present.has(address));
  return { now, former: [...gone.slice(Math.max(0, gone.length + now.length - maxFormer)), ...now] };
}

function toProblems(
  { name, addressSources = [] }: FleetSettings,
  found: ReadonlyMap<string, Found>,
  hasClusters: boolean,
): readonly Problem[] {
  return addressSources.flatMap((source) => {
    const details = explain(source, found.get(toSourceText(source)), hasClusters);
    if (details === undefined) return [];
    const subject = { source: '', kind: 'Fleet', namespace: '', name };
    return [toProblem('fleet-address-missing', subject, { field: 'addresses', ...details })];
  });
}

function explain(
  source: AddressSource,
  found: Found | undefined,
  hasClusters: boolean,
): { readonly message: string; readonly hint: string } | undefined {
  const service = `Service ${source.namespace}/${source.name}`;
  switch (found?.kind) {
    case 'absent':
      return {
        message: `No cluster source has the ${service}, where ${toSourceText(source)} is looked up.`,
        hint: hasClusters
          ? 'Check its namespace and name, and that a source watches that namespace.'
          : 'Add its cluster to the sources, or write a host name or an IP address.',
      };
    case 'none':
      return source.kind === 'service'
        ? {
            message: `The ${service} of source ${found.cluster} has no address of a load balancer and no external IP.`,
            hint: 'Wait until its load balancer has one, or write a host name or an IP address.',
          }
        : {
            message: `The ${service} of source ${found.cluster} has no endpoint that is ready.`,
            hint: 'Check that its selector matches the pods of Traefik, and that they are ready.',
          };
    case 'addresses':
    case 'unread':
    case undefined:
      return undefined;
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
