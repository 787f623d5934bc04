import { toDocumentName, type DocumentName } from '../model/document-name.ts';
import type { Moment } from '../model/moment.ts';
import type { HeldPort } from '../model/ports.ts';
import type { TraefikRow } from '../model/published.ts';
import type { RouterFault, TraefikSeen, TraefikState } from '../model/traefik-state.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { toExpectedEntryPoints, type ExpectedEntryPoints } from './expected-entry-points.ts';

/** How one Traefik stands to what is served. */
export interface TraefikView extends Pick<TraefikState, 'error' | 'fleet' | 'host' | 'name' | 'seen'> {
  readonly bank: number;
  readonly standing: TraefikRow['state'];
  /** Of one that is `behind`: since when there is a newer answer than it has. */
  readonly since: Moment;
  /** Of the entryPoints that it should have. */
  readonly missing: ReadonlySet<string>;
  /** By protocol and name, as `toFaultKey` makes them. */
  readonly faults: ReadonlyMap<string, RouterFault>;
}

/** What is served now. */
export interface Served {
  /** Undefined while there is nothing. */
  current(document: DocumentName): { readonly revision: string } | undefined;
  /** When another revision took the place of one. */
  replacedAt(document: DocumentName, revision: string): Moment | undefined;
}

export function toFaultKey({ protocol, router }: Pick<RouterFault, 'protocol' | 'router'>): string {
  return `${protocol} ${router}`;
}

/** What only depends on what a Traefik said, and is worked out once for it. */
type Judged = Pick<TraefikView, 'bank' | 'faults' | 'missing'>;

const nothing: Judged = { bank: 0, faults: new Map(), missing: new Set() };

/** Judges what Traefiks say by what they should have. */
export class TraefikViews {
  readonly #expected: ReadonlyMap<string, ExpectedEntryPoints>;
  readonly #judged = new WeakMap<TraefikSeen, Judged>();

  constructor(fleets: readonly FleetSettings[]) {
    this.#expected = new Map(fleets.map((fleet) => [fleet.name, toExpectedEntryPoints(fleet)]));
  }

  of(state: TraefikState, served: Served): TraefikView {
    const judged = state.seen === null ? nothing : this.#judge(state.fleet, state.seen);
    const document = toDocumentName(state.fleet, judged.bank);
    const standing = toStanding(state, served.current(document)?.revision);
    const replacedAt =
      standing === 'behind' ? served.replacedAt(document, state.seen?.revision ?? '') : undefined;
    return { ...state, ...judged, standing, since: replacedAt ?? state.since };
  }

  /** The bank whose Traefiks serve an entryPoint. */
  bankOf(fleet: string, entryPoint: string): number {
    return this.#expected.get(fleet)?.bankOf(entryPoint) ?? 0;
  }

  /** The entryPoints of a held port, one for each of its protocols that a pool has it on. */
  entryPointsOf({
    fleet,
    protocols,
    port,
  }: Pick<HeldPort, 'fleet' | 'port' | 'protocols'>): readonly string[] {
    const expected = this.#expected.get(fleet);
    return protocols.flatMap((protocol) => expected?.nameOf(protocol, port) ?? []);
  }

  #judge(fleet: string, seen: TraefikSeen): Judged {
    const known = this.#judged.get(seen);
    if (known !== undefined) return known;
    const names = seen.entryPoints.map(({ name }) => name);
    const expected = this.#expected.get(fleet);
    const bank = expected?.findBank(names) ?? 0;
    const there = new Set(names);
    const missing = [...(expected?.banks[bank] ?? [])].filter((name) => !there.has(name));
    const faults = new Map(seen.faults.map((fault) => [toFaultKey(fault), fault]));
    const judged = { bank, faults, missing: new Set(missing) };
    this.#judged.set(seen, judged);
    return judged;
  }
}

function toStanding({ error, seen }: TraefikState, current: string | undefined): TraefikRow['state'] {
  if (error !== null) return 'unreachable';
  if (seen === null) return 'unknown';
  if (seen.revision === null) return 'empty';
  return seen.revision === current ? 'current' : 'behind';
}

/** So much of each list is shown. */
const mostShown = 50;

/** A line of `/api/traefiks`. */
export function toTraefikRow({ fleet, name, bank, standing, ...view }: TraefikView): TraefikRow {
  const { seen, error, since, missing } = view;
  return {
    fleet,
    bank,
    traefik: name,
    state: standing,
    since: new Date(since.wall).toISOString(),
    ...(error !== null && { error }),
    version: seen?.version ?? null,
    startedAt: seen?.startedAt || null,
    revision: seen?.revision ?? null,
    entryPointsMissing: [...missing].slice(0, mostShown),
    entryPointsMissingCount: missing.size,
    routerFaults: (seen?.faults ?? []).slice(0, mostShown),
    routerFaultsCount: seen?.faults.length ?? 0,
  };
}
