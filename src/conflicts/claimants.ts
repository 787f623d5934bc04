import { bySeniority, type ObjectKey } from '../model/object-ref.ts';
import { listRivalKeys, type Intent } from '../routes/intent.ts';
import { toTenant } from './crowd.ts';
import { isHostRoute, toHostOwner } from './host-owners.ts';
import { findHolder } from './rivals.ts';

/** One object that wants a host and path (or a certificate's names) for itself. */
export interface Claimant {
  readonly unit: ObjectKey;
  readonly intent: Intent;
}

type Claim = readonly [key: string, intent: Intent];

/** What an object wants that it did not want before, and the other way round. */
export interface ClaimChanges {
  readonly came: readonly Claim[];
  readonly left: readonly Claim[];
}

/** Which objects want the same, by the keys of their claims, and who of them has it: the eldest of those who may have what they claim. */
export class Claimants {
  /** Sorted by seniority. */
  readonly #byKey = new Map<string, readonly Claimant[]>();
  readonly #byUnit = new Map<ObjectKey, readonly string[]>();
  /** How many routes have a place of their own: without any, each key stands for itself. */
  #placed = 0;
  /** Who stands, as far as it was asked since the last change. */
  readonly #winners = new Map<string, Claimant | undefined>();
  readonly #mayHave: (intent: Intent) => boolean;

  /** @param mayHave Whether the owner of an intent may have what it claims, whoever else wants it. */
  constructor(mayHave: (intent: Intent) => boolean) {
    this.#mayHave = mayHave;
  }

  /** Puts the claims of an object in place of its former ones; adds all objects that want something of the same to `touched`. */
  replace(unit: ObjectKey, next: ReadonlyMap<string, Intent>, touched: Set<ObjectKey>): ClaimChanges {
    this.#winners.clear();
    const came: Claim[] = [];
    const left: Claim[] = [];
    for (const key of this.#byUnit.get(unit) ?? []) {
      const intent = next.has(key) ? undefined : this.#remove(key, unit, touched);
      if (intent !== undefined) left.push([key, intent]);
    }
    for (const [key, intent] of next) if (this.#put(key, { unit, intent }, touched)) came.push([key, intent]);
    if (next.size > 0) this.#byUnit.set(unit, [...next.keys()]);
    else this.#byUnit.delete(unit);
    return { came, left };
  }

  /** The objects that claim a key. */
  listUnits(key: string): readonly ObjectKey[] {
    return (this.#byKey.get(key) ?? []).map(({ unit }) => unit);
  }

  /** Who has what the key of an intent stands for; undefined when nobody may. */
  findWinner(intent: Intent, key: string): Claimant | undefined {
    const claimants = this.#listRivals(intent, key);
    const [only] = claimants;
    if (only === undefined || claimants.length === 1)
      return only && this.#mayHave(only.intent) ? only : undefined;
    if (this.#winners.has(key)) return this.#winners.get(key);
    const refused = new Set<string>();
    const winner = findHolder(claimants, intent, (each) => {
      // The names and the host are those of the key, so that all objects of a tenant are judged alike.
      const tenant = toTenant(each.owner) + (isHostRoute(each) ? ` ${toTenant(toHostOwner(each))}` : '');
      if (refused.has(tenant)) return false;
      if (this.#mayHave(each)) return true;
      refused.add(tenant);
      return false;
    });
    this.#winners.set(key, winner);
    return winner;
  }

  /** All who want something of the same, sorted by seniority. */
  #listRivals(intent: Intent, key: string): readonly Claimant[] {
    if (this.#placed === 0) return this.#byKey.get(key) ?? [];
    const groups = listRivalKeys(intent, key).flatMap((each) => [this.#byKey.get(each) ?? []]);
    const all = groups.filter((group) => group.length > 0);
    if (all.length <= 1) return all[0] ?? [];
    return all.flat().sort(byOwner);
  }

  #remove(key: string, unit: ObjectKey, touched: Set<ObjectKey>): Intent | undefined {
    const all = this.#byKey.get(key) ?? [];
    const intent = all.find((each) => each.unit === unit)?.intent;
    if (intent === undefined) return undefined;
    const rest = all.filter((each) => each.unit !== unit);
    if (rest.length > 0) this.#byKey.set(key, rest);
    else this.#byKey.delete(key);
    for (const each of this.#listRivals(intent, key)) touched.add(each.unit);
    this.#count(intent, -1);
    return intent;
  }

  /** Returns whether the object did not claim the key before. */
  #put(key: string, claimant: Claimant, touched: Set<ObjectKey>): boolean {
    const { intent, unit } = claimant;
    const all = this.#byKey.get(key) ?? [];
    const others = all.filter((each) => each.unit !== unit);
    const former = all.find((each) => each.unit === unit);
    if (former !== undefined) this.#count(former.intent, -1);
    this.#count(intent, 1);
    // Nearly always it is alone, and a list of exactly one is a third of one that could grow.
    this.#byKey.set(key, others.length === 0 ? [claimant] : [...others, claimant].sort(byOwner));
    for (const each of this.#listRivals(intent, key)) touched.add(each.unit);
    return former === undefined;
  }

  #count(intent: Intent, by: 1 | -1): void {
    if (intent.kind === 'http' && intent.place !== undefined) this.#placed += by;
  }
}

function byOwner(a: Claimant, b: Claimant): number {
  return bySeniority(a.intent.owner, b.intent.owner);
}
