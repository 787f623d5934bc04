import type { Fragment } from './fragment.ts';
import { Fragments, type Contribution, type RouterCount, type RouterName } from './fragments.ts';

/** Fragments by the bank whose document they are for. */
export type FragmentsByBank = ReadonlyMap<number, readonly Fragment[]>;

/**
 * The documents of one fleet, one for each of its banks: a change of one of them costs neither the others nor the Traefiks that
 * poll them anything.
 */
export class FleetDocuments {
  readonly #banks: readonly Fragments[];
  /** Where an owner has fragments besides bank 0. Most have none, and must not cost a look at each bank. */
  readonly #farBanks = new Map<string, readonly number[]>();

  /** @param banks How many there are. */
  constructor(banks: number, shards?: number) {
    this.#banks = Array.from({ length: banks }, () => new Fragments(shards));
  }

  /** How many banks there are. */
  get size(): number {
    return this.#banks.length;
  }

  /** Puts the fragments of an owner in place of its former ones, in all banks. Returns the banks whose document may have changed. */
  replace(owner: string, next: FragmentsByBank): readonly number[] {
    const far = [...next.keys()].filter((bank) => bank !== 0);
    const concerned = new Set([0, ...(this.#farBanks.get(owner) ?? []), ...far]);
    if (far.length > 0) this.#farBanks.set(owner, far);
    else this.#farBanks.delete(owner);
    return [...concerned].filter((bank) => this.replaceIn(bank, owner, next.get(bank) ?? []));
  }

  /** As `replace`, in one bank. An owner has either all of its fragments from here or from there. */
  replaceIn(bank: number, owner: string, next: readonly Fragment[]): boolean {
    return this.#banks[bank]?.replace(owner, next) ?? false;
  }

  /** What an owner that `replace` knows adds to the documents of all banks. */
  of(owner: string): readonly Fragment[] {
    return [0, ...(this.#farBanks.get(owner) ?? [])].flatMap((bank) => this.#banks[bank]?.of(owner) ?? []);
  }

  /** As of `Fragments`, of one bank. */
  contributedTo(bank: number): Iterable<Contribution> {
    return this.#banks[bank]?.contributed() ?? [];
  }

  /** Who contributes a router to the document of a bank. */
  routerOwner(bank: number, router: RouterName): string | undefined {
    return this.#banks[bank]?.routerOwner(router);
  }

  countRouters(): readonly RouterCount[] {
    const counts = this.#banks.flatMap((bank) => bank.countRouters());
    return (['http', 'tcp', 'udp'] as const).map((protocol) => ({
      protocol,
      count: counts.reduce((sum, each) => sum + (each.protocol === protocol ? each.count : 0), 0),
    }));
  }

  /** The whole document of a bank as JSON, in pieces. */
  toPieces(bank: number): readonly Buffer[] {
    return this.#banks[bank]?.toPieces() ?? [Buffer.from('{}')];
  }
}
