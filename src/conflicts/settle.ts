import { bySeniority, type Aged, type ObjectKey } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import { toClaimKey, type Intent, type Settled, type Translation } from '../routes/intent.ts';
import type { AnnotationUse } from '../routes/why.ts';
import { Hosts } from './hosts.ts';
import { describeForeignName, describeLoss } from './losses.ts';
import { listUses, settleRoute } from './settle-route.ts';

/** One object that wants a host and path (or a certificate's names) for itself. */
interface Claimant {
  readonly unit: ObjectKey;
  readonly owner: Aged;
}

/** The intents of one object that stand, and a problem for each that an older object has taken. */
export interface Settlement {
  readonly intents: readonly Settled[];
  readonly problems: readonly Problem[];
  /** What of annotations, of the object itself and of the Services behind it, is carried. */
  readonly uses: readonly AnnotationUse[];
}

/**
 * Who has which host and path, for all objects: the elder wins. And what all of them together make of a host: whether it has TLS.
 * Kept up to date object by object, so that one change costs what it touches and not a walk over everything.
 */
export class Claims {
  /** Sorted by seniority; the first is the winner. */
  readonly #byKey = new Map<string, readonly Claimant[]>();
  readonly #byUnit = new Map<ObjectKey, ReadonlySet<string>>();
  readonly #hosts = new Hosts();

  /** Puts the claims of an object in place of its former ones, and returns the other objects whose standing may have changed. */
  replace(translation: Translation): ReadonlySet<ObjectKey> {
    const { unit, intents } = translation;
    const former = this.#byUnit.get(unit) ?? new Set();
    const owners = new Map<string, Aged>();
    for (const intent of intents) {
      const key = toClaimKey(intent);
      if (key !== undefined) owners.set(key, intent.owner);
    }
    const touched = new Set<ObjectKey>(this.#hosts.replace(translation));
    for (const key of former) if (!owners.has(key)) this.#remove(key, unit, touched);
    for (const [key, owner] of owners) this.#put(key, { unit, owner }, touched);
    if (owners.size > 0) this.#byUnit.set(unit, new Set(owners.keys()));
    else this.#byUnit.delete(unit);
    touched.delete(unit);
    return touched;
  }

  /** Decides about each intent of an object. Within one object the first of two equal ones stands. */
  settle(translation: Translation): Settlement {
    const intents: Settled[] = [];
    const problems: Problem[] = [];
    const lost: Intent[] = [];
    const taken = new Map<string, Intent>();
    for (const intent of translation.intents) {
      const key = toClaimKey(intent);
      const problem = key === undefined ? null : this.#refuse(intent, key, translation.unit, taken);
      if (problem === null) {
        if (key !== undefined) taken.set(key, intent);
        intents.push(this.#settleOne(intent));
        continue;
      }
      lost.push(intent);
      if (problem !== undefined) problems.push(problem);
    }
    const uses = [...translation.uses, ...intents.flatMap(listUses), ...lost.flatMap(listUses)];
    return { intents, problems, uses };
  }

  #settleOne(intent: Intent): Settled {
    return intent.kind === 'http' ? settleRoute(intent, this.#hosts.findTls(intent)) : intent;
  }

  /** Null when the intent stands; else the problem, or undefined where nothing is amiss. */
  #refuse(
    intent: Intent,
    key: string,
    unit: ObjectKey,
    taken: ReadonlyMap<string, Intent>,
  ): Problem | null | undefined {
    const foreign = intent.kind === 'certificate' ? this.#hosts.findForeignName(intent) : undefined;
    if (foreign !== undefined) return describeForeignName(intent, foreign);
    const winner = this.#byKey.get(key)?.[0];
    const twin = taken.get(key);
    if (winner?.unit === unit && twin === undefined) return null;
    return describeLoss(intent, winner?.unit === unit ? intent.owner : winner?.owner, twin);
  }

  #remove(key: string, unit: ObjectKey, touched: Set<ObjectKey>): void {
    const rest = (this.#byKey.get(key) ?? []).filter((each) => each.unit !== unit);
    if (rest.length > 0) this.#byKey.set(key, rest);
    else this.#byKey.delete(key);
    for (const each of rest) touched.add(each.unit);
  }

  #put(key: string, claimant: Claimant, touched: Set<ObjectKey>): void {
    const others = (this.#byKey.get(key) ?? []).filter((each) => each.unit !== claimant.unit);
    for (const each of others) touched.add(each.unit);
    this.#byKey.set(
      key,
      [...others, claimant].sort((a, b) => bySeniority(a.owner, b.owner)),
    );
  }
}
