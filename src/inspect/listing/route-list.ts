import { createTimeSlice } from '../../lib/time-slice.ts';
import type { Page, ProblemCounts, Query, RouteHit } from '../../model/listing.ts';
import {
  compareText,
  toObjectKey,
  toObjectPath,
  type ObjectKey,
  type ObjectRef,
} from '../../model/object-ref.ts';
import type { RouteRow } from '../../model/published.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { toRouteRows } from '../route-rows.ts';
import { filterInSlices, toPage } from './find-page.ts';
import { Recent } from './recent.ts';
import { toRouteText } from './route-text.ts';
import { hasWords, toWords } from './words.ts';

/** One route of an object, as it is kept. */
interface Entry {
  readonly ref: ObjectRef;
  /** Which of the rows of the object. */
  readonly index: number;
  readonly text: string;
}

/** A row of a list shows so many servers. */
const mostServers = 10;

/** So many changed objects may always wait for the next look. */
const fewChanges = 1_000;

/**
 * All routes, in the order of their namespaces and names, to be looked through. It is made when somebody looks for the first time, and
 * from then on a look costs what has changed since the last one.
 */
export class RouteList {
  readonly #pipeline: Pipeline;
  readonly #problemsOf: (object: string, source: string) => ProblemCounts;
  readonly #entries = new Map<ObjectKey, readonly Entry[]>();
  readonly #found = new Recent<readonly Entry[]>();
  /** Undefined until somebody looks. */
  #changed: Set<ObjectKey> | undefined;
  #sorted: readonly Entry[] = [];
  #isUpdating = false;

  constructor(pipeline: Pipeline, problemsOf: (object: string, source: string) => ProblemCounts) {
    this.#pipeline = pipeline;
    this.#problemsOf = problemsOf;
  }

  /** These objects may have other routes than before. */
  changed(units: Iterable<ObjectKey>): void {
    if (this.#changed === undefined) return;
    for (const unit of units) this.#changed.add(unit);
    if (!this.#isUpdating && this.#changed.size > Math.max(fewChanges, this.#entries.size)) this.#forget();
  }

  /** Of how many objects something is kept. */
  get size(): number {
    return this.#entries.size + (this.#changed?.size ?? 0);
  }

  /** Not to be called again before it has resolved. */
  async find(query: Query): Promise<Page<RouteHit>> {
    await this.#update();
    const words = toWords(query.text);
    const { sees } = query.sight;
    const key = JSON.stringify([query.sight.key, words]);
    let found = this.#found.get(key);
    if (found === undefined) {
      found = await filterInSlices(
        this.#sorted,
        ({ ref, text }) => sees(ref.namespace) && hasWords(text, words),
      );
      this.#found.set(key, found);
    }
    const { total, rows } = toPage(found, query);
    return { total, rows: await this.#toHits(rows) };
  }

  /** Nobody has looked while more has changed than there is: to begin again costs no more, and names of what is gone pile up no further. */
  #forget(): void {
    this.#changed = undefined;
    this.#entries.clear();
    this.#sorted = [];
    this.#found.clear();
  }

  async #update(): Promise<void> {
    this.#isUpdating = true;
    try {
      await this.#takeOver();
    } finally {
      this.#isUpdating = false;
    }
  }

  /** Takes over what has changed. */
  async #takeOver(): Promise<void> {
    const changed =
      this.#changed ?? new Set([...this.#pipeline.store.values()].map(({ meta }) => toObjectKey(meta.ref)));
    this.#changed = new Set();
    if (changed.size === 0) return;
    const slice = createTimeSlice(4);
    for (const unit of changed) {
      this.#replace(unit);
      await slice();
    }
    this.#sorted = [...this.#entries.values()].flat().sort(byPlace);
    this.#found.clear();
  }

  #replace(unit: ObjectKey): void {
    const ref = this.#pipeline.store.get(unit)?.meta.ref;
    const rows = ref === undefined ? [] : toRouteRows(this.#pipeline, ref);
    if (ref === undefined || rows.length === 0) this.#entries.delete(unit);
    else
      this.#entries.set(
        unit,
        rows.map((row, index) => ({ ref, index, text: toRouteText(row) })),
      );
  }

  async #toHits(entries: readonly Entry[]): Promise<readonly RouteHit[]> {
    const slice = createTimeSlice(4);
    const byObject = new Map<ObjectRef, readonly RouteRow[]>();
    const hits: RouteHit[] = [];
    for (const { ref, index } of entries) {
      const rows = byObject.get(ref) ?? toRouteRows(this.#pipeline, ref);
      byObject.set(ref, rows);
      const row = rows[index];
      // Another one since it was found: the next look has it.
      if (row !== undefined) hits.push(toHit(row, this.#problemsOf(toObjectPath(ref), ref.source)));
      await slice();
    }
    return hits;
  }
}

function byPlace(a: Entry, b: Entry): number {
  return (
    compareText(a.ref.namespace, b.ref.namespace) ||
    compareText(a.ref.name, b.ref.name) ||
    compareText(a.ref.kind, b.ref.kind) ||
    compareText(a.ref.source, b.ref.source) ||
    a.index - b.index
  );
}

function toHit(row: RouteRow, problems: ProblemCounts): RouteHit {
  const servers = row.servers.slice(0, mostServers);
  const branches = row.branches?.slice(0, mostServers).map((branch) => ({
    ...branch,
    servers: branch.servers.slice(0, mostServers),
  }));
  return { ...row, servers, ...(branches && { branches }), serverCount: row.servers.length, problems };
}
