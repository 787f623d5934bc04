import { countBanks, listBanks } from '../model/bank.ts';
import { toDocumentName, type DocumentName } from '../model/document-name.ts';
import type { ObjectKey } from '../model/object-ref.ts';
import type { Fragment } from '../render/fragment.ts';
import { FleetDocuments, type FragmentsByBank } from '../render/fleet-documents.ts';
import type { Contribution, RouterCount, RouterName } from '../render/fragments.ts';
import { toReadyFragments } from '../render/ready-router.ts';
import type { Settings } from '../settings/settings.ts';

/** The documents of all fleets and banks, and which object has what in them. */
export class Documents {
  readonly #byFleet: ReadonlyMap<string, FleetDocuments>;

  constructor({ fleets, provider }: Pick<Settings, 'fleets' | 'provider'>) {
    this.#byFleet = new Map(
      fleets.map((fleet) => [fleet.name, new FleetDocuments(countBanks(fleet), provider.shards)]),
    );
    for (const fleet of fleets) {
      for (const bank of listBanks(fleet)) this.replaceIn(fleet.name, bank, '', toReadyFragments(fleet));
    }
  }

  /** The dynamic configuration of a bank of a fleet in pieces, in order; `{}` when there is nothing. */
  toPieces(fleet: string, bank: number): readonly Buffer[] {
    return this.#byFleet.get(fleet)?.toPieces(bank) ?? [Buffer.from('{}')];
  }

  /** Puts what an object adds, by fleet, in place of what it added. Adds the documents that may have changed to `changed`. */
  replace(
    unit: ObjectKey,
    fragments: ReadonlyMap<string, FragmentsByBank>,
    changed: Set<DocumentName>,
  ): void {
    for (const [fleet, documents] of this.#byFleet) {
      for (const bank of documents.replace(unit, fragments.get(fleet) ?? new Map()))
        changed.add(toDocumentName(fleet, bank));
    }
  }

  /** The same for what belongs to no object. Returns whether the document has changed. */
  replaceIn(fleet: string, bank: number, name: string, fragments: readonly Fragment[]): boolean {
    return this.#byFleet.get(fleet)?.replaceIn(bank, name, fragments) ?? false;
  }

  /** What an object adds to the documents of each fleet. */
  of(unit: ObjectKey): ReadonlyMap<string, readonly Fragment[]> {
    return new Map([...this.#byFleet].map(([fleet, document]) => [fleet, document.of(unit)]));
  }

  /** What stands in the document of a bank, each with the unit that it is of; the closed ports are of none. */
  contributedTo(fleet: string, bank: number): Iterable<Contribution> {
    return this.#byFleet.get(fleet)?.contributedTo(bank) ?? [];
  }

  /** The key of what a router of a document comes from. */
  routerOwner(fleet: string, bank: number, router: RouterName): string | undefined {
    return this.#byFleet.get(fleet)?.routerOwner(bank, router);
  }

  /** How many routers the documents of each fleet have. */
  countRouters(): readonly (RouterCount & { readonly fleet: string })[] {
    return [...this.#byFleet].flatMap(([fleet, document]) =>
      document.countRouters().map((count) => ({ fleet, ...count })),
    );
  }
}
