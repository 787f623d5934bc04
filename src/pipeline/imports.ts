import { importedPool, type ImportedNumber, type ImportedPort } from '../model/imported-port.ts';
import type { ObjectKey } from '../model/object-ref.ts';
import type { LedgerState } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../settings/settings.ts';
import type { Dependency, ObjectStore } from '../source/object-store.ts';
import { readImports, type ImportTable } from '../translate/tcp-services/read-imports.ts';
import { importsOf, trackView } from './tracking-view.ts';

/** The imports of the configuration, read again when a ConfigMap or a Service that they name changes. */
export class Imports {
  readonly #settings: Pick<Settings, 'fleets' | 'imports' | 'limits'>;
  #table: ImportTable = { byService: new Map(), numbers: [], problems: [] };
  #numbers: readonly ImportedNumber[] = [];
  /** What they were counted of. */
  #counted: ImportTable | undefined;
  #ledger: LedgerState | undefined;
  /** Undefined before the first look. */
  #seen: ReadonlySet<Dependency> | undefined;

  constructor(settings: Pick<Settings, 'fleets' | 'imports' | 'limits'>) {
    this.#settings = settings;
  }

  get byService(): ReadonlyMap<ObjectKey, readonly ImportedPort[]> {
    return this.#table.byService;
  }

  get problems(): readonly Problem[] {
    return this.#table.problems;
  }

  /**
   * What fleets need entryPoints for: the numbers of now, and those that Services have kept since an import gave them. The very list of
   * the last call while they are the same.
   */
  get numbers(): readonly ImportedNumber[] {
    return this.#numbers;
  }

  /** Takes over the ledger, after the store. Returns `numbers`. */
  takeLedger(ledger: LedgerState): readonly ImportedNumber[] {
    if (ledger === this.#ledger && this.#table === this.#counted) return this.#numbers;
    const numbers = listNumbers(this.#table.numbers, ledger);
    this.#ledger = ledger;
    this.#counted = this.#table;
    if (!isSame(this.#numbers, numbers)) this.#numbers = numbers;
    return this.#numbers;
  }

  /** Takes over what has changed in the store. Returns what of the imports of Services has. */
  update(store: ObjectStore, touched: ReadonlySet<Dependency>): readonly Dependency[] {
    if (this.#settings.imports.length === 0) return [];
    const { byService } = this.#table;
    if (this.#seen !== undefined && ![...this.#seen].some((each) => touched.has(each))) return [];
    const seen = new Set<Dependency>();
    this.#table = readImports(this.#settings, trackView(store, new Map(), seen));
    this.#seen = seen;
    const services = new Set([...byService.keys(), ...this.#table.byService.keys()]);
    return [...services]
      .filter((key) => !isSame(byService.get(key), this.#table.byService.get(key)))
      .map(importsOf);
  }
}

function listNumbers(given: readonly ImportedNumber[], { entries }: LedgerState): readonly ImportedNumber[] {
  const all = new Map(given.map((number) => [toText(number), number]));
  for (const { state, pool, fleet, port, protocols } of entries) {
    if (state !== 'held' || pool !== importedPool) continue;
    for (const protocol of protocols) {
      const number = { fleet, protocol, port };
      if (!all.has(toText(number))) all.set(toText(number), number);
    }
  }
  return [...all.values()];
}

function toText({ fleet, protocol, port }: ImportedNumber): string {
  return `${port}/${protocol} ${fleet}`;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
